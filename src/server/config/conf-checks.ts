/** Readers that judge a value as nats-server does, and keep nothing of it. */
import type { ConfValue } from "../../protocol/index.ts";
import { asDuration, asListen, asSize } from "./conf-quantities.ts";
import { type ConfNotes, type FieldReader, readFields } from "./conf-reader.ts";
import { asBool, asInteger, asMap, asString, goType, goValue, wrong } from "./conf-values.ts";

export type Check = FieldReader<unknown>;
export type Checks = Readonly<Record<string, Check>>;

/** A check by a reader that throws. */
export const takes =
  (read: (value: ConfValue, notes: ConfNotes) => unknown): Check =>
  (_draft, value, notes) =>
    void read(value, notes);

export const anything: Check = () => undefined;
export const text = takes(asString);
export const flag = takes(asBool);
export const integer = takes(asInteger);
export const listen = takes((value) => asListen(value, ""));

/** A duration; what nats-server calls its field, or the key itself. */
export const duration =
  (field?: string): Check =>
  (_draft, value, notes, key) =>
    void asDuration(value, field ?? key, notes);

/** Bytes; the complaint begins with the key. Source: nats-server `getStorageSize`. */
export const size: Check = (_draft, value, _notes, key) => void asSize(value, key.toLowerCase());

/** A whole number; another one is no "parseable size". */
export const count: Check = (_draft, value, _notes, key) => {
  if (value.kind === "integer") return;
  const expected = `Expected a parseable size for ${JSON.stringify(key)}`;
  throw wrong(value, `${expected}, got ${goValue(value)}`);
};

/** A block; without `expected`, Go code takes for granted that it is one. */
export const block =
  (checks: Checks, expected?: string): Check =>
  (_draft, value, notes) => {
    if (value.kind !== "map" && expected !== undefined) {
      throw wrong(value, `${expected}, got ${goType(value)}`);
    }
    readFields(null, asMap(value), checks, notes);
  };

/** The same check for several names of one key. */
export const under = (check: Check, keys: readonly string[]): Checks =>
  Object.fromEntries(keys.map((key) => [key, check]));
