/** Child processes: pipeline stages, subshells, command substitutions, background jobs. */
import type { Child } from "../../clients/index.ts";
import { closePipe, descriptorFor, openPipe, readPipe } from "./descriptors.ts";
import { expandText, expandWords } from "./expand.ts";
import { type Fds, type Shell, unwindInterrupted } from "./shell.ts";
import { encodeState, exportedVariables } from "./state.ts";
import type { AndOr, Command, Script, Simple, Word } from "./syntax.ts";

/** Builtins that are programs as well, so that a pipeline stage needs no shell of its own. */
const alsoPrograms = new Set(["echo", "printf", "true", "false", "test", "[", "pwd"]);

/** Starts a program with the shell's exported variables and `extra` ones. */
export async function spawnProgram(
  shell: Shell,
  argv: readonly string[],
  fds: Fds,
  options: { extra?: readonly (readonly [string, string])[]; background?: boolean } = {},
): Promise<Child> {
  return shell.context.spawn({
    program: argv[0] as string,
    argv,
    env: new Map([...exportedVariables(shell.state), ...(options.extra ?? [])]),
    cwd: shell.state.cwd,
    stdin: descriptorFor(fds, 0),
    stdout: descriptorFor(fds, 1),
    stderr: descriptorFor(fds, 2),
    background: options.background ?? false,
  });
}

/** Starts a script in a shell of its own, which begins with a copy of this one's state. */
export async function spawnScript(
  shell: Shell,
  script: Script,
  fds: Fds,
  background = false,
): Promise<Child> {
  const direct = await spawnDirectly(shell, script, fds, background);
  if (direct !== null) return direct;
  const text = script.map((andOr) => andOr.text).join("; ");
  return shell.context.spawn({
    program: "sh",
    argv: ["sh", "--child", JSON.stringify({ text, script, state: encodeState(shell.state) })],
    env: new Map(exportedVariables(shell.state)),
    cwd: shell.state.cwd,
    stdin: descriptorFor(fds, 0),
    stdout: descriptorFor(fds, 1),
    stderr: descriptorFor(fds, 2),
    background,
  });
}

/** What one command would be as a script. */
export function scriptOf(command: Command, text: string): Script {
  return [{ first: { negated: false, commands: [command] }, rest: [], background: false, text }];
}

/** Runs a pipeline's commands side by side, each reading what the one before it writes. */
export async function runPipeline(
  shell: Shell,
  commands: readonly Command[],
  fds: Fds,
): Promise<number> {
  const children: Child[] = [];
  let upstream: number | null = null;
  for (const [i, command] of commands.entries()) {
    const downstream = i < commands.length - 1 ? await openPipe(shell) : null;
    const own: Fds = [
      upstream === null ? (fds[0] ?? { kind: "closed" }) : pipeFd(upstream),
      downstream === null ? (fds[1] ?? { kind: "closed" }) : pipeFd(downstream),
      ...fds.slice(2),
    ];
    children.push(await spawnScript(shell, scriptOf(command, ""), own));
    if (upstream !== null) await closePipe(shell, upstream, "read");
    if (downstream !== null) await closePipe(shell, downstream, "write");
    upstream = downstream;
  }
  let status = 0;
  for (const child of children) status = await child.wait();
  if (shell.interrupted) unwindInterrupted(shell, status);
  return status;
}

/** `$( )`: what the script writes, without its last newlines. */
export async function substitute(shell: Shell, script: Script): Promise<string> {
  const pipe = await openPipe(shell);
  const [stdin, , ...others] = shell.fds;
  const fds: Fds = [stdin ?? { kind: "closed" }, pipeFd(pipe), ...others];
  const child = await spawnScript(shell, script, fds);
  await closePipe(shell, pipe, "write");
  const text = await readPipe(shell, pipe);
  await closePipe(shell, pipe, "read");
  shell.substitutionExit = await child.wait();
  if (shell.interrupted) unwindInterrupted(shell, shell.substitutionExit);
  return text.replace(/\n+$/, "");
}

/** Starts a command line in the background and remembers it as a job. */
export async function startJob(shell: Shell, andOr: AndOr, fds: Fds): Promise<number> {
  const script: Script = [{ ...andOr, background: false }];
  const [stdin, ...others] = fds;
  const quiet: Fds =
    stdin?.kind === "own" ? [{ kind: "other", descriptor: { kind: "null" } }, ...others] : fds;
  const child = await spawnScript(shell, script, quiet, true);
  const { state } = shell;
  const id = state.jobs.reduce((highest, job) => Math.max(highest, job.id), 0) + 1;
  state.jobs.push({ id, pid: child.pid, text: andOr.text });
  state.lastBackground = child.pid;
  return id;
}

function pipeFd(pipe: number): Fds[number] {
  return { kind: "other", descriptor: { kind: "pipe", pipe } };
}

/** A script that is one plain command needs no shell between: its program is started at once. */
async function spawnDirectly(
  shell: Shell,
  script: Script,
  fds: Fds,
  background: boolean,
): Promise<Child | null> {
  const command = onlyCommand(script);
  if (command === null || !isPlain(shell, command)) return null;
  const argv = await expandWords(shell, command.words);
  const extra: [string, string][] = [];
  for (const { name, value } of command.assigns) extra.push([name, await expandText(shell, value)]);
  return spawnProgram(shell, argv, fds, { extra, background });
}

function onlyCommand(script: Script): Simple | null {
  const [andOr] = script;
  if (script.length !== 1 || andOr === undefined || andOr.rest.length > 0) return null;
  const { first } = andOr;
  const [command] = first.commands;
  if (andOr.background || first.negated || first.commands.length !== 1) return null;
  return command?.kind === "simple" ? command : null;
}

/** Its name is that of a program, and its words can be expanded here without a trace. */
function isPlain(shell: Shell, command: Simple): boolean {
  const [name] = command.words;
  const [part] = name ?? [];
  if (name?.length !== 1 || part?.kind !== "text") return false;
  const { functions, aliases } = shell.state;
  if (functions.has(part.text) || aliases.has(part.text)) return false;
  if (!shell.commands.programs.has(part.text)) return false;
  if (shell.commands.builtins.has(part.text) && !alsoPrograms.has(part.text)) return false;
  const words = [...command.words, ...command.assigns.map(({ value }) => value)];
  return command.redirects.length === 0 && words.every(isTraceless);
}

/** No command runs and no variable changes when the word is expanded. */
function isTraceless(word: Word): boolean {
  return word.every((part) => {
    if (part.kind === "text") return true;
    return part.kind === "parameter" && (part.op === null || part.op.kind === "length");
  });
}
