// Help text, laid out as the real command line lays it out; the words are our own.
// Source of the layout: fisk v0.8.1 `CompactMainUsageTemplate`.

import type { Application } from "./application.ts";
import type { ArgSpec, Command, FlagSpec, FlagSpecs } from "./define.ts";
import { applicationFlags } from "./parse.ts";
import { isBoolean, isRepeatable, typeOf } from "./values.ts";

export interface UsageOptions {
  readonly width: number;
  /** Was help asked for? Then global flags are shown too. */
  readonly asked: boolean;
}

/** The help of the application or, with a chain, of the innermost command in it. */
export function usageText<Ctx>(
  app: Application<Ctx>,
  chain: readonly Command<Ctx>[],
  options: UsageOptions,
): string {
  const command = chain.at(-1);
  const out = [`usage: ${usageLine(app, chain)}`, ""];
  out.push(...wrap(command?.help ?? app.help, options.width), "");
  if (command?.details) out.push(...wrap(command.details, options.width), "");
  if (command?.args) section(out, "Args:", argRows(command), options);
  const commands = command ? command.commands : app.commands;
  const title = command ? "Subcommands:" : "Commands:";
  if (commands) section(out, title, commandRows(chain, commands), options);
  if (command?.flags) section(out, "Flags:", flagRows(command.flags), options);
  if (command?.aliases?.length) out.push(`Command Aliases: ${command.aliases.join(", ")}`, "");
  if (options.asked) section(out, "Global Flags:", flagRows(globalFlags(app, chain)), options);
  else out.push("Pass --help to see global flags applicable to this command.", "");
  return `${out.join("\n").trimEnd()}\n\n`;
}

/** The first line of help: `nats publish [<flags>] <subject> [<body>]`. */
export function usageLine<Ctx>(app: Application<Ctx>, chain: readonly Command<Ctx>[]): string {
  const command = chain.at(-1);
  const words = [app.name, ...chain.map((c) => c.path)];
  const flags = command ? (command.flags ?? {}) : applicationFlags(app);
  if (Object.keys(flags).length > 0) words.push("[<flags>]");
  for (const [name, spec] of Object.entries(command?.args ?? {})) words.push(argLabel(name, spec));
  if (!command || command.commands) words.push("<command> [<args> ...]");
  return words.join(" ");
}

function argLabel(name: string, spec: ArgSpec): string {
  const label = `<${name}>${isRepeatable(typeOf(spec)) ? "..." : ""}`;
  return spec.required ? label : `[${label}]`;
}

type Row = readonly [left: string, right: string];

function argRows<Ctx>(command: Command<Ctx>): Row[] {
  return Object.entries(command.args ?? {}).map(([name, spec]) => {
    const label = spec.placeholder ?? `<${name}>`;
    return [spec.required ? label : `[${label}]`, spec.help];
  });
}

function commandRows<Ctx>(
  chain: readonly Command<Ctx>[],
  commands: readonly Command<Ctx>[],
): Row[] {
  const prefix = chain.map((c) => `${c.path} `).join("");
  return commands.filter((c) => !c.hidden).map((c) => [`${prefix}${c.path}`, c.help]);
}

function globalFlags<Ctx>(app: Application<Ctx>, chain: readonly Command<Ctx>[]): FlagSpecs {
  const all: Record<string, FlagSpec> = { ...applicationFlags(app) };
  for (const command of chain.slice(0, -1)) Object.assign(all, command.flags);
  for (const name of Object.keys(chain.at(-1)?.flags ?? {})) delete all[name];
  return all;
}

function flagRows(flags: FlagSpecs): Row[] {
  const entries = Object.entries(flags);
  const someShort = entries.some(([, spec]) => spec.short !== undefined);
  return entries
    .filter(([, spec]) => !spec.hidden)
    .map(([name, spec]) => [flagLabel(name, spec, someShort), flagHelp(spec)]);
}

function flagHelp(spec: FlagSpec): string {
  return spec.env ? `${spec.help} ($${spec.env})` : spec.help;
}

function flagLabel(name: string, spec: FlagSpec, someShort: boolean): string {
  const long = spec.type === "bool" ? `[no-]${name}` : name;
  const lead = spec.short ? `-${spec.short}, ` : someShort ? "    " : "";
  const value = isBoolean(spec.type) ? "" : `=${flagPlaceholder(name, spec)}`;
  return `${lead}--${long}${value}${isRepeatable(spec.type) ? " ..." : ""}`;
}

function flagPlaceholder(name: string, spec: FlagSpec): string {
  if (spec.placeholder) return spec.placeholder;
  if (!spec.default) return name.toUpperCase();
  return spec.type === "string" ? JSON.stringify(spec.default) : spec.default;
}

function section(
  out: string[],
  title: string,
  rows: readonly Row[],
  { width }: UsageOptions,
): void {
  if (rows.length === 0) return;
  const longest = Math.max(30, Math.trunc((width * 0.75) / 2));
  const left = Math.max(0, ...rows.map((r) => r[0].length).filter((n) => n < longest));
  out.push(title);
  for (const [label, help] of rows) {
    const [first = "", ...rest] = wrap(help, width - left - 4);
    const gap = " ".repeat(left + 4);
    if (label.length >= longest) out.push(`  ${label}`, `${gap}${first}`.trimEnd());
    else out.push(`  ${label.padEnd(left)}  ${first}`.trimEnd());
    for (const line of rest) out.push(`${gap}${line}`);
  }
  out.push("");
}

/** Paragraphs broken at `width`; indented lines stay as they are. */
function wrap(text: string, width: number): string[] {
  const out: string[] = [];
  let line = "";
  const flush = () => {
    if (line !== "") out.push(line);
    line = "";
  };
  for (const source of text.split("\n")) {
    if (source.trim() === "" || /^\s/.test(source)) {
      flush();
      out.push(source.trimEnd());
      continue;
    }
    for (const word of source.split(/\s+/)) {
      if (line !== "" && line.length + 1 + word.length > width) flush();
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  flush();
  return out;
}
