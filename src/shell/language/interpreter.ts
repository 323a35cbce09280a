/** Walks a parsed line: lists, conditions, loops, functions. Simple commands are in `simple.ts`. */
import { runPipeline, scriptOf, spawnScript, startJob } from "./children.ts";
import { writeFd } from "./descriptors.ts";
import { expandArithmetic, expandPattern, expandText, expandWords } from "./expand.ts";
import { patternMatches } from "./pattern.ts";
import { openRedirects } from "./redirects.ts";
import { type Fds, type Shell, spend, unwindInterrupted } from "./shell.ts";
import { reportMistake, runSimple } from "./simple.ts";
import { setVariable } from "./state.ts";
import type { AndOr, Command, Compound, Pipeline, Script } from "./syntax.ts";

/** Runs a script; the status is that of its last command, and stays in `$?`. */
export async function runScript(shell: Shell, script: Script, fds: Fds): Promise<number> {
  let status = 0;
  for (const andOr of script) {
    status = await runAndOr(shell, andOr, fds);
    shell.state.lastExit = status;
    if (shell.state.unwind !== null) break;
  }
  return status;
}

async function runAndOr(shell: Shell, andOr: AndOr, fds: Fds): Promise<number> {
  if (andOr.background) {
    const id = await startJob(shell, andOr, fds);
    const line = `[${id}] ${shell.state.lastBackground}\n`;
    if (shell.interactive) await writeFd(shell, fds, 2, line);
    return 0;
  }
  let status = await runOnePipeline(shell, andOr.first, fds);
  for (const { op, pipeline } of andOr.rest) {
    shell.state.lastExit = status;
    if (shell.state.unwind !== null) return status;
    if ((op === "&&") === (status === 0)) status = await runOnePipeline(shell, pipeline, fds);
  }
  return status;
}

async function runOnePipeline(shell: Shell, pipeline: Pipeline, fds: Fds): Promise<number> {
  const [first, ...others] = pipeline.commands;
  if (first === undefined) return 0;
  const status =
    others.length === 0
      ? await runCommand(shell, first, fds)
      : await runPipeline(shell, pipeline.commands, fds);
  if (!pipeline.negated || shell.state.unwind !== null) return status;
  return status === 0 ? 1 : 0;
}

/** Runs one command in this process; only what must be apart gets a process of its own. */
export async function runCommand(shell: Shell, command: Command, fds: Fds): Promise<number> {
  await spend(shell);
  if (shell.state.unwind !== null) return shell.interrupted ? 130 : shell.state.lastExit;
  if (command.kind === "simple") return runSimple(shell, command, fds);
  try {
    if (command.redirects.length === 0) return await runCompound(shell, command, fds);
    const opened = await openRedirects(shell, command.redirects, fds, "several");
    try {
      return await runCompound(shell, command, opened.fds);
    } finally {
      await opened.close();
    }
  } catch (error) {
    return reportMistake(shell, fds, error);
  }
}

async function runCompound(shell: Shell, command: Compound, fds: Fds): Promise<number> {
  shell.fds = fds;
  switch (command.kind) {
    case "group":
      return runScript(shell, command.body, fds);
    case "subshell":
      return runSubshell(shell, command, fds);
    case "if":
      return runIf(shell, command, fds);
    case "loop":
      return runLoop(shell, command, fds);
    case "for":
      return runFor(shell, command, fds);
    case "case":
      return runCase(shell, command, fds);
    case "arithmetic":
      return (await expandArithmetic(shell, command.expression)) === 0n ? 1 : 0;
    default:
      shell.state.functions.set(command.name, command.body);
      return 0;
  }
}

type Of<Kind extends Compound["kind"]> = Extract<Compound, { kind: Kind }>;

async function runSubshell(shell: Shell, command: Of<"subshell">, fds: Fds): Promise<number> {
  const script = scriptOf({ ...command, kind: "group", redirects: [] }, "( ... )");
  const child = await spawnScript(shell, script, fds);
  const status = await child.wait();
  if (shell.interrupted) unwindInterrupted(shell, status);
  return status;
}

async function runIf(shell: Shell, command: Of<"if">, fds: Fds): Promise<number> {
  for (const { test, body } of command.branches) {
    const status = await runScript(shell, test, fds);
    if (shell.state.unwind !== null) return status;
    if (status === 0) return runScript(shell, body, fds);
  }
  return command.otherwise === null ? 0 : runScript(shell, command.otherwise, fds);
}

async function runLoop(shell: Shell, command: Of<"loop">, fds: Fds): Promise<number> {
  let status = 0;
  for (;;) {
    await spend(shell);
    const test = await runScript(shell, command.test, fds);
    if (leavesLoop(shell)) return shell.state.unwind === null ? status : test;
    if ((test === 0) === command.until) return status;
    status = await runScript(shell, command.body, fds);
    if (leavesLoop(shell)) return status;
  }
}

async function runFor(shell: Shell, command: Of<"for">, fds: Fds): Promise<number> {
  const { state } = shell;
  const values =
    command.words === null ? state.positional : await expandWords(shell, command.words);
  let status = 0;
  for (const value of values) {
    await spend(shell);
    setVariable(state, command.name, value);
    status = await runScript(shell, command.body, fds);
    if (leavesLoop(shell)) return status;
  }
  return status;
}

/** Handles `break` and `continue`; true when this loop is over. */
function leavesLoop(shell: Shell): boolean {
  const { unwind } = shell.state;
  if (unwind === null) return false;
  if (unwind.kind !== "break" && unwind.kind !== "continue") return true;
  unwind.levels -= 1;
  if (unwind.levels > 0) return true;
  shell.state.unwind = null;
  return unwind.kind === "break";
}

async function runCase(shell: Shell, command: Of<"case">, fds: Fds): Promise<number> {
  const subject = await expandText(shell, command.subject);
  for (const { patterns, body } of command.arms) {
    for (const word of patterns) {
      const pattern = await expandPattern(shell, word);
      if (patternMatches(pattern, subject)) return runScript(shell, body, fds);
    }
  }
  return 0;
}
