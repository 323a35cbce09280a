/** The program `sh`: a terminal's line, a script, a file, or a part of a shell as its child. */
import type { ProcessContext, Program } from "../../clients/index.ts";
import { resolvePath } from "../files/paths.ts";
import { announceJobs } from "./builtins/jobs.ts";
import { substitute } from "./children.ts";
import { runCommand, runScript } from "./interpreter.ts";
import { parseScript } from "./parser.ts";
import { type CommandTable, ownFds, type Shell } from "./shell.ts";
import { reportMistake } from "./simple.ts";
import {
  createShellState,
  decodeState,
  encodeState,
  exportedVariables,
  type ShellState,
} from "./state.ts";
import type { Script } from "./syntax.ts";

/** Makes `sh` for a table of commands. The forms of its arguments are those of `Invocation`. */
export function shellProgram(commands: CommandTable): Program {
  return async (context) => {
    const [name = "sh", option, ...rest] = context.argv;
    if (name.startsWith("-")) return runTerminalLine(context, commands, rest[0] ?? "");
    if (option === "--child") return runChild(context, commands, rest[0] ?? "");
    const state = createShellState(context.cwd, context.env);
    if (option === "-c") {
      const [text = "", scriptName = "sh", ...args] = rest;
      state.scriptName = scriptName;
      state.positional = args;
      return runText(createShell(context, commands, state), text);
    }
    const shell = createShell(context, commands, state);
    if (option === undefined) return runText(shell, await readInput(context));
    return runFile(shell, option, rest);
  };
}

/** A line typed at a terminal: begins with what the terminal remembers, and leaves it changed. */
async function runTerminalLine(
  context: ProcessContext,
  commands: CommandTable,
  line: string,
): Promise<number> {
  const before = await context.terminal();
  const state =
    before.shell === ""
      ? createShellState(before.cwd, before.env)
      : decodeState(before.shell, before.env);
  state.cwd = before.cwd;
  state.lastExit = before.lastExit;
  const shell = createShell(context, commands, state, context.tty.in);
  const status = await runText(shell, line);
  if (shell.interactive) await announceJobs(shell);
  await context.setTerminal({
    cwd: state.cwd,
    env: exportedVariables(state),
    lastExit: status,
    shell: encodeState(state),
  });
  return status;
}

async function runChild(
  context: ProcessContext,
  commands: CommandTable,
  payload: string,
): Promise<number> {
  const { script, state } = JSON.parse(payload) as { script: Script; state: string };
  const shell = createShell(context, commands, {
    ...decodeState(state, context.env),
    jobs: [],
  });
  const status = await runScript(shell, script, ownFds);
  return exitOf(shell.state, status);
}

async function runFile(shell: Shell, name: string, args: readonly string[]): Promise<number> {
  const path = resolvePath(shell.state.cwd, name);
  const entry = await shell.context.stat(path);
  if (entry === null || entry.folder) {
    await shell.context.writeError(`sh: ${name}: No such file or directory\n`);
    return 127;
  }
  shell.state.scriptName = name;
  shell.state.positional = args;
  return runText(shell, new TextDecoder().decode(await shell.context.readFile(path)));
}

async function runText(shell: Shell, text: string): Promise<number> {
  try {
    const script = parseScript(text);
    const status = script.length === 0 ? 0 : await runScript(shell, script, ownFds);
    return exitOf(shell.state, status);
  } catch (error) {
    return reportMistake(shell, ownFds, error);
  }
}

function exitOf(state: ShellState, status: number): number {
  const { unwind } = state;
  return unwind?.kind === "exit" || unwind?.kind === "return" ? unwind.status : status;
}

async function readInput(context: ProcessContext): Promise<string> {
  let text = "";
  for await (const line of context.stdin.lines()) text += `${line}\n`;
  return text;
}

function createShell(
  context: ProcessContext,
  commands: CommandTable,
  state: ShellState,
  interactive = false,
): Shell {
  let interrupt: () => void = () => {};
  const interrupted = new Promise<null>((resolve) => {
    interrupt = () => resolve(null);
  });
  const shell: Shell = {
    context,
    commands,
    state,
    pid: context.pid,
    interactive,
    interrupted: false,
    interrupt: interrupted,
    spent: 0,
    substitutionExit: null,
    fds: ownFds,
    run: (script, fds) => runScript(shell, script, fds),
    runCommand: (command, fds) => runCommand(shell, command, fds),
    substitute: (script) => substitute(shell, script),
    entries: (folder) => listNames(context, folder),
  };
  context.onSignal("INT", () => {
    shell.interrupted = true;
    interrupt();
  });
  return shell;
}

async function listNames(
  context: ProcessContext,
  folder: string,
): Promise<{ name: string; folder: boolean }[]> {
  const entry = folder === "/" ? null : await context.stat(folder);
  if (folder !== "/" && !entry?.folder) return [];
  const files = await context.listFiles(folder);
  return files.map(({ path, folder: isFolder }) => ({
    name: path.slice(path.lastIndexOf("/") + 1),
    folder: isFolder,
  }));
}
