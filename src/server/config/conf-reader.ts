/** Reading typed values from a configuration file, with nats-server's complaints. */
import type { ConfMap, ConfValue } from "../../protocol/index.ts";
import { placeOf, WrongValue } from "./conf-values.ts";

/** Everything that is wrong with a file, one problem a line, as nats-server prints it. */
export class ConfigProblems extends Error {
  override readonly name = "ConfigProblems";
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** What was found while reading on: problems, and known keys that have no effect here. */
export interface ConfNotes {
  readonly problems: string[];
  readonly ignored: string[];
}

/** Reads one key's value into a draft. */
export type FieldReader<Draft> = (draft: Draft, value: ConfValue, notes: ConfNotes) => void;

/** Applies a reader to each key; keys are compared without case, as nats-server does. */
export function readFields<Draft>(
  draft: Draft,
  map: ConfMap,
  readers: Readonly<Record<string, FieldReader<Draft>>>,
  notes: ConfNotes,
): void {
  for (const [key, value] of map) {
    const name = key.toLowerCase();
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (reader !== undefined) attempt(notes, () => reader(draft, value, notes));
    else if (!value.usedAsVariable) {
      notes.problems.push(`${placeOf(value)}: unknown field ${JSON.stringify(key)}`);
    }
  }
}

/** Runs `read`; a value that it cannot use becomes a problem. */
export function attempt(notes: ConfNotes, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error;
    notes.problems.push(error.message);
  }
}

/** Makes readers that keep what `read` makes of the value as a member of the draft. */
export function setterOf<Draft>(): <K extends keyof Draft>(
  key: K,
  read: (value: ConfValue, notes: ConfNotes) => Draft[K],
) => FieldReader<Draft> {
  return (key, read) => (draft, value, notes) => {
    draft[key] = read(value, notes);
  };
}

/** A known key without effect: it is said once, when the server starts. */
export function ignore(name: string): FieldReader<unknown> {
  return (_draft, _value, notes) => void notes.ignored.push(name);
}

/** Readers for keys that nats-server knows and that change nothing here yet. */
export function ignoreAll(
  names: readonly string[],
  prefix = "",
): Readonly<Record<string, FieldReader<unknown>>> {
  return Object.fromEntries(names.map((name) => [name, ignore(prefix + name)]));
}
