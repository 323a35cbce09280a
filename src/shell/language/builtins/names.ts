/** Builtins about names: `type command alias unalias help history clear`. */
import { parseScript } from "../parser.ts";
import type { Shell } from "../shell.ts";
import { type Call, print, refuse } from "./call.ts";

export async function type(call: Call): Promise<number> {
  let status = 0;
  for (const name of call.args) {
    const what = kindOf(call.shell, name);
    if (what === null) status = await refuse(call, `${name}: not found`);
    else await print(call, `${name} ${what}\n`);
  }
  return status;
}

/** `command -v NAME`: what would run. (`command NAME ...` is done where commands are run.) */
export async function command(call: Call): Promise<number> {
  let status = 0;
  for (const name of call.args.slice(1)) {
    const text = call.shell.state.aliases.get(name);
    const known = kindOf(call.shell, name) !== null;
    if (known) await print(call, text === undefined ? `${name}\n` : `alias ${name}='${text}'\n`);
    else status = 1;
  }
  return status;
}

export async function alias(call: Call): Promise<number> {
  const { aliases } = call.shell.state;
  const names = call.args.length > 0 ? call.args : [...aliases.keys()].sort(byCodeUnit);
  let status = 0;
  for (const arg of names) {
    const equals = arg.indexOf("=");
    if (equals > 0) {
      parseScript(arg.slice(equals + 1));
      aliases.set(arg.slice(0, equals), arg.slice(equals + 1));
    } else if (aliases.has(arg)) await print(call, `alias ${arg}='${aliases.get(arg)}'\n`);
    else status = await refuse(call, `${arg}: not found`);
  }
  return status;
}

export async function unalias(call: Call): Promise<number> {
  const { aliases } = call.shell.state;
  if (call.args[0] === "-a") aliases.clear();
  else for (const name of call.args) aliases.delete(name);
  return 0;
}

export async function help(call: Call): Promise<number> {
  const [name = null] = call.args;
  const text = call.shell.commands.help(name);
  if (text === null) return refuse(call, `no help for '${name}'`);
  await print(call, text);
  return 0;
}

export async function history(call: Call): Promise<number> {
  const lines = (await call.shell.context.terminal()).history;
  const wanted = Number(call.args[0] ?? lines.length);
  const first = Math.max(0, lines.length - (Number.isFinite(wanted) ? wanted : lines.length));
  const numbered = lines
    .slice(first)
    .map((line, i) => `${String(first + i + 1).padStart(5)}  ${line}\n`);
  await print(call, numbered.join(""));
  return 0;
}

/** Erases the screen and what has scrolled off it. */
export async function clear(call: Call): Promise<number> {
  await print(call, "\u001b[H\u001b[2J\u001b[3J");
  return 0;
}

function kindOf(shell: Shell, name: string): string | null {
  const text = shell.state.aliases.get(name);
  if (text !== undefined) return `is aliased to \`${text}'`;
  if (shell.state.functions.has(name)) return "is a function";
  if (shell.commands.builtins.has(name)) return "is a shell builtin";
  return shell.commands.programs.has(name) ? `is /bin/${name}` : null;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
