// The grammar of `nats`, held to the one recorded from nats v0.4.0.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ArgSpec, Command, FlagSpec } from "../../grammar/define.ts";
import { wholeNatsGrammar } from "./app.ts";
import type { NatsContext } from "./context.ts";

interface RecordedFlag {
  readonly name: string;
  readonly short?: string;
  readonly type: string;
  readonly default?: string;
  readonly enum?: readonly string[];
  readonly env?: string;
  readonly placeholder?: string;
  readonly hidden?: boolean;
  readonly negatable?: boolean;
  readonly required?: boolean;
}

interface RecordedCommand {
  readonly name: string;
  readonly path: string;
  readonly aliases?: readonly string[];
  readonly hidden?: boolean;
  readonly tags?: readonly string[];
  readonly args?: readonly RecordedFlag[];
  readonly flags?: readonly RecordedFlag[];
  readonly commands?: readonly RecordedCommand[];
}

interface Recorded {
  readonly globalFlags: readonly RecordedFlag[];
  readonly commands: readonly RecordedCommand[];
}

// tools/facts/commands.json: "nats --fisk-introspect" of nats v0.4.0.
const recorded = JSON.parse(readFileSync("tools/facts/commands.json", "utf8")) as Recorded;

const recordedTypes: Readonly<Record<string, string>> = {
  strings: "list",
  int64: "int",
  switch: "bool",
  file: "path",
  directory: "path",
};

function flagShape(name: string, spec: FlagSpec): RecordedFlag {
  return clean({
    name,
    short: spec.short,
    type: recordedTypes[spec.type] ?? spec.type,
    default: spec.default,
    enum: spec.values,
    env: spec.env,
    placeholder: spec.placeholder,
    hidden: spec.hidden,
    negatable: spec.type === "bool" ? true : undefined,
  });
}

function recordedShape(flag: RecordedFlag): RecordedFlag {
  const { name, short, type, default: preset, env, placeholder, hidden, negatable } = flag;
  return clean({
    name,
    short,
    type,
    default: preset || undefined,
    enum: flag.enum,
    env,
    placeholder,
    hidden,
    negatable,
  });
}

function clean<T extends object>(shape: T): RecordedFlag {
  const entries = Object.entries(shape).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as RecordedFlag;
}

const byName = (a: { readonly name: string }, b: { readonly name: string }) =>
  a.name < b.name ? -1 : 1;

function argShape(name: string, spec: ArgSpec): object {
  const type = spec.type ?? "string";
  return { name, type: recordedTypes[type] ?? type, required: spec.required ?? false };
}

function pairs(
  ours: readonly Command<NatsContext>[],
  theirs: readonly RecordedCommand[],
): [string, Command<NatsContext>, RecordedCommand | undefined][] {
  return ours.flatMap((command) => {
    const match = theirs.find((candidate) => candidate.name === command.path);
    const path = match?.path ?? command.path;
    const below = pairs(command.commands ?? [], match?.commands ?? []);
    return [[path, command, match], ...below];
  });
}

const natsApplication = await wholeNatsGrammar();

// fisk adds `cheat` itself; its introspection leaves it out.
const ours = natsApplication.commands.filter((command) => command.path !== "cheat");

describe("every nats command has the words of the recorded one", () => {
  test.each(pairs(ours, recorded.commands))("%s", (_, command, match) => {
    expect(match).toBeDefined();
    expect(command.aliases ?? []).toEqual(match?.aliases ?? []);
    expect(command.hidden ?? false).toBe(match?.hidden ?? false);
    expect(command.tags ?? []).toEqual(match?.tags ?? []);
    const flags = Object.entries(command.flags ?? {}).map(([name, spec]) => flagShape(name, spec));
    expect(flags.sort(byName)).toEqual((match?.flags ?? []).map(recordedShape).sort(byName));
    const args = Object.entries(command.args ?? {}).map(([name, spec]) => argShape(name, spec));
    const wanted = (match?.args ?? []).map(({ name, type, required = false }) => {
      return { name, type, required };
    });
    expect(args).toEqual(wanted);
  });

  test("the global flags", () => {
    const flags = Object.entries(natsApplication.flags).map(([name, spec]) =>
      flagShape(name, spec),
    );
    expect(flags.sort(byName)).toEqual(recorded.globalFlags.map(recordedShape).sort(byName));
  });
});
