/** Reading typed values from a configuration file, with nats-server's complaints. */
import type { ConfMap, ConfValue } from "../../protocol/index.ts";
import { placeOf, WrongType, WrongValue } from "./conf-values.ts";

/** Everything that is wrong with a file, one problem a line, as nats-server prints it. */
export class ConfigProblems extends Error {
  override readonly name = "ConfigProblems";
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** What was found while reading on. */
export interface ConfNotes {
  readonly problems: string[];
  /** What keeps no server from starting, but a file from passing `-t`. */
  readonly warnings: string[];
  /** Known keys that have no effect here. */
  readonly ignored: string[];
  /** The block that nats-server points at when a value within has the wrong type; or that value. */
  readonly typesAt?: ConfValue;
}

/** Reads one key's value into a draft. */
export type FieldReader<Draft> = (
  draft: Draft,
  value: ConfValue,
  notes: ConfNotes,
  key: string,
) => void;

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
    if (reader !== undefined) attempt(notes, () => reader(draft, value, notes, key));
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
    const place = error instanceof WrongType ? `${placeOf(notes.typesAt ?? error.value)}: ` : "";
    notes.problems.push(place + error.message);
  }
}

/** Notes a use of `field` that is taken all the same. Source: nats-server `configWarningErr`. */
export function warn(notes: ConfNotes, value: ConfValue, field: string, why: string): void {
  notes.warnings.push(`${placeOf(value)}: invalid use of field ${JSON.stringify(field)}: ${why}`);
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

/** Readers for keys that nats-server knows and that change nothing here yet: they judge values. */
export function ignoring(
  readers: Readonly<Record<string, FieldReader<unknown>>>,
  prefix = "",
): Readonly<Record<string, FieldReader<unknown>>> {
  const entries = Object.entries(readers).map(([name, read]): [string, FieldReader<unknown>] => [
    name,
    (draft, value, notes, key) => {
      notes.ignored.push(prefix + name);
      read(draft, value, notes, key);
    },
  ]);
  return Object.fromEntries(entries);
}
