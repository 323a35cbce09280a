/** What `help` prints: every name by family, or one name with how it is called. */
import { textTools } from "./text/table.ts";

const builtinHelp: Readonly<Record<string, string>> = {
  ".": ". FILE [ARGUMENT...]: runs the commands of a file in this shell",
  ":": ": : does nothing, and succeeds",
  alias: "alias [NAME=TEXT...]: a name for the beginning of a line; alone, lists them",
  break: "break [N]: leaves the loop, or N loops",
  cd: "cd [FOLDER]: goes to a folder, home without one, back with '-'",
  clear: "clear: empties the screen",
  command: "command [-v] NAME [ARGUMENT...]: runs NAME even if a function hides it",
  continue: "continue [N]: begins the loop's next round",
  eval: "eval TEXT...: runs its arguments as a line",
  exec: "exec COMMAND: runs it as the last command of the line",
  exit: "exit [STATUS]: ends the line or the script",
  export: "export [NAME[=VALUE]...]: gives variables to the commands that follow",
  fg: "fg [%JOB]: waits for a job; Ctrl-C reaches it",
  help: "help [NAME]: this, or about one name",
  history: "history [N]: the lines typed here",
  jobs: "jobs [-p]: what runs in the background",
  kill: "kill [-SIGNAL] PID|%JOB...: ends jobs; TERM unless another signal is named",
  let: "let EXPRESSION...: arithmetic; fails when the value is 0",
  local: "local NAME[=VALUE]...: variables of a function",
  read: "read [-r] [-p PROMPT] [NAME...]: one line of input into variables",
  return: "return [STATUS]: leaves a function",
  set: "set [-- ARGUMENT...]: the arguments $1 and on; alone, lists variables",
  shift: "shift [N]: drops the first arguments",
  source: "source FILE [ARGUMENT...]: runs the commands of a file in this shell",
  type: "type NAME...: what a name would run",
  unalias: "unalias [-a] NAME...: forgets aliases",
  unset: "unset NAME...: forgets variables or functions",
  wait: "wait [%JOB|PID...]: until background commands have ended",
};

const wider: readonly (readonly [string, string])[] = [
  ["nats", "the NATS command line: nats --help, nats cheat"],
  ["nats-server", "signals to servers, their configuration files: nats-server --help"],
  ["world", "what the world is made of: servers, links, presets"],
  ["fault", "what breaks, and fault heal"],
  ["load", "publishers and workers that keep busy"],
  ["sim", "the time, the seed, a note, sim wait 5s"],
  ["expect", "a predicate over the world that must hold"],
  ["lesson", "what a lesson asks, hints, the list of lessons"],
];

/** Null for a name that has no help here. */
export function helpFor(name: string | null): string | null {
  if (name === null) return overview();
  const tool = Object.hasOwn(textTools, name) ? textTools[name] : undefined;
  if (tool !== undefined) return `${tool.usage}\n    ${tool.help}\n`;
  if (Object.hasOwn(builtinHelp, name)) return `${builtinHelp[name]}\n`;
  const family = wider.find(([known]) => known === name);
  return family === undefined ? null : `${name}: ${family[1]} (${name} --help)\n`;
}

/** One line about a name, for completion; empty when there is none. */
export function briefHelp(name: string): string {
  if (Object.hasOwn(textTools, name)) return textTools[name]?.help ?? "";
  if (Object.hasOwn(builtinHelp, name)) return builtinHelp[name]?.replace(/^[^:]*: /, "") ?? "";
  return wider.find(([known]) => known === name)?.[1] ?? "";
}

function overview(): string {
  const families = wider.map(([name, text]) => `  ${name.padEnd(8)}${text}\n`).join("");
  return `This world:\n${families}
Tools: ${inLines(Object.keys(textTools))}
Shell: ${inLines(Object.keys(builtinHelp))}
Pipes, redirects, && || ;, $variables, $(commands), loops and functions work as in sh.
help NAME tells more about one of them.
`;
}

function inLines(names: readonly string[]): string {
  let text = "";
  let width = 7;
  for (const name of names) {
    if (width + name.length > 78) {
      text += "\n      ";
      width = 6;
    }
    text += `${text === "" ? "" : " "}${name}`;
    width += name.length + 1;
  }
  return text;
}
