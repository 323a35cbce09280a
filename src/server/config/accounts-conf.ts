/** `accounts { … }` and `mappings { … }` of a configuration file. */
import {
  type ConfValue,
  compileTransform,
  isValidSubject,
  TransformError,
} from "../../protocol/index.ts";
import { bareAccount } from "../accounts/accounts.ts";
import type { AccountConfig, MappingConfig, MappingDestination } from "./account-config.ts";
import { noArrayOfUsers, readPermissions, readUsers } from "./authorization-conf.ts";
import { count, integer } from "./conf-checks.ts";
import { publicKey } from "./conf-field-checks.ts";
import {
  attempt,
  type ConfNotes,
  type FieldReader,
  ignoring,
  readFields,
  setterOf,
} from "./conf-reader.ts";
import {
  asInteger,
  asMap,
  asString,
  goType,
  goValue,
  placeOf,
  WrongType,
  wrong,
  wrongSomewhere,
} from "./conf-values.ts";
import { type AccountJetStreamConfig, unlimitedJetStream } from "./jetstream-config.ts";
import { checkSharing } from "./sharing-checks.ts";
import { readExports, readImports } from "./sharing-conf.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Source: nats-server `parseAccounts`. */
export function readAccounts(value: ConfValue, notes: ConfNotes): AccountConfig[] {
  if (value.kind === "array") {
    return [...readNames(value.value, notes)].map(bareAccount);
  }
  // Anything else is passed over.
  if (value.kind !== "map") return [];
  const accounts: AccountConfig[] = [];
  const users = new Set<string>();
  for (const [name, entry] of value.value) {
    if (entry.usedAsVariable) continue;
    attempt(notes, () => {
      if (entry.kind !== "map") throw wrong(entry, "Expected map entries for accounts");
      const draft: Mutable<AccountConfig> = { ...bareAccount(checkedName(entry, name)) };
      readFields(draft, entry.value, accountFields, notes);
      for (const { username, nkey } of draft.users) {
        const name = nkey === "" ? username : nkey;
        const what = nkey === "" ? "user" : "nkey";
        if (users.has(name)) {
          throw wrong(
            entry.value.get("users") ?? entry,
            `Duplicate ${what} ${JSON.stringify(name)} detected`,
          );
        }
        users.add(name);
      }
      accounts.push(draft);
    });
  }
  // nats-server looks no further when something is wrong already.
  if (notes.problems.length === 0) checkSharing(accounts, value, notes);
  return accounts;
}

function readNames(entries: readonly ConfValue[], notes: ConfNotes): Set<string> {
  const names = new Set<string>();
  for (const entry of entries) {
    attempt(notes, () => {
      const name = checkedName(entry, asString(entry));
      if (names.has(name)) throw wrong(entry, `Duplicate Account Entry: ${name}`);
      names.add(name);
    });
  }
  return names;
}

/** Source: nats-server `parseAccountMappings`. */
export function readMappings(value: ConfValue, notes: ConfNotes): MappingConfig[] {
  const mappings: MappingConfig[] = [];
  for (const [source, entry] of asMap(value)) {
    attempt(notes, () => {
      if (!isValidSubject(source)) {
        throw wrong(value, `Subject ${JSON.stringify(source)} is not a valid subject`);
      }
      mappings.push(readMapping(source, entry));
    });
  }
  return mappings;
}

const setAccount = setterOf<Mutable<AccountConfig>>();

const accountFields: Readonly<Record<string, FieldReader<Mutable<AccountConfig>>>> = {
  users: setAccount("users", (value, notes) => {
    if (value.kind !== "array") throw wrongSomewhere(noArrayOfUsers(value));
    return readUsers(value, notes);
  }),
  default_permissions: setAccount("defaultPermissions", readPermissions),
  jetstream: setAccount("jetstream", readJetStream),
  mappings: setAccount("mappings", readMappings),
  maps: setAccount("mappings", readMappings),
  limits: readLimits,
  imports: setAccount("imports", readImports),
  exports: setAccount("exports", readExports),
  ...ignoring(
    {
      nkey: publicKey("account", (key) => `Not a valid public nkey for an account: ${key}`),
      msg_trace: checkTrace,
      trace_dest: checkTrace,
    },
    "account ",
  ),
};

const limitFields: Readonly<Record<string, FieldReader<Mutable<AccountConfig>>>> = {
  max_connections: setAccount("maxConnections", asInteger),
  max_conn: setAccount("maxConnections", asInteger),
  max_subscriptions: setAccount("maxSubscriptions", asInteger),
  max_subs: setAccount("maxSubscriptions", asInteger),
  max_payload: setAccount("maxPayload", asInteger),
  max_pay: setAccount("maxPayload", asInteger),
  ...ignoring({ max_leafnodes: integer, max_leafs: integer }),
};

type JetStreamField = FieldReader<Mutable<AccountJetStreamConfig>>;
type NumberField = Exclude<keyof AccountJetStreamConfig, "maxBytesRequired">;

const number: FieldReader<unknown> = count;
const sized =
  <K extends NumberField>(field: K): JetStreamField =>
  (draft, value, notes, key) => {
    number(draft, value, notes, key);
    if (value.kind === "integer") draft[field] = value.value;
  };
const setMemory = sized("maxMemory");
const setFile = sized("maxFile");
const setMemoryStream = sized("maxMemoryStreamBytes");
const setFileStream = sized("maxFileStreamBytes");
const setBytesRequired: JetStreamField = (draft, value, _notes, key) => {
  if (value.kind !== "bool") {
    const expected = `Expected a parseable bool for ${JSON.stringify(key)}`;
    throw wrong(value, `${expected}, got ${goValue(value)}`);
  }
  draft.maxBytesRequired = value.value;
};

/** Source: nats-server `parseJetStreamForAccount`. */
const jetStreamFields: Readonly<Record<string, JetStreamField>> = {
  max_memory: setMemory,
  max_mem: setMemory,
  mem: setMemory,
  memory: setMemory,
  max_store: setFile,
  max_file: setFile,
  max_disk: setFile,
  store: setFile,
  disk: setFile,
  max_streams: sized("maxStreams"),
  streams: sized("maxStreams"),
  max_consumers: sized("maxConsumers"),
  consumers: sized("maxConsumers"),
  max_bytes_required: setBytesRequired,
  max_stream_bytes: setBytesRequired,
  max_bytes: setBytesRequired,
  mem_max_stream_bytes: setMemoryStream,
  memory_max_stream_bytes: setMemoryStream,
  disk_max_stream_bytes: setFileStream,
  store_max_stream_bytes: setFileStream,
  max_ack_pending: sized("maxAckPending"),
  ...ignoring({ cluster_traffic: checkTraffic }),
};

/** Source: nats-server `parseAccountLimits`. */
function readLimits(draft: Mutable<AccountConfig>, value: ConfValue, notes: ConfNotes): void {
  if (value.kind !== "map") {
    throw wrong(value, `Expected account limits to be a map/struct, got ${goValue(value)}`);
  }
  for (const [key, field] of value.value) {
    const name = key.toLowerCase();
    const reader = Object.hasOwn(limitFields, name) ? limitFields[name] : undefined;
    attempt(notes, () => {
      if (reader !== undefined) reader(draft, field, notes, key);
      else if (!field.usedAsVariable) {
        throw wrong(field, `Unknown field ${JSON.stringify(key)} parsing account limits`);
      }
    });
  }
}

function readJetStream(value: ConfValue, notes: ConfNotes): AccountJetStreamConfig | null {
  if (value.kind === "bool") return value.value ? unlimitedJetStream : null;
  if (value.kind === "string") {
    const text = value.value.toLowerCase();
    if (text === "enabled" || text === "enable") return unlimitedJetStream;
    if (text === "disabled" || text === "disable") return null;
    const expected = "Expected 'enabled' or 'disabled' for string value";
    throw wrongSomewhere(`${expected}, got '${value.value}'`);
  }
  if (value.kind !== "map") {
    const expected = "Expected map, bool or string to define JetStream";
    throw wrongSomewhere(`${expected}, got ${goType(value)}`);
  }
  const draft: Mutable<AccountJetStreamConfig> = { ...unlimitedJetStream };
  readFields(draft, value.value, jetStreamFields, notes);
  return draft;
}

function checkedName(value: ConfValue, name: string): string {
  if (name === "$G") throw wrong(value, `${JSON.stringify(name)} is a Reserved Account`);
  return name;
}

function readMapping(source: string, value: ConfValue): MappingConfig {
  const destinations: MappingDestination[] = [];
  if (value.kind === "string") {
    destinations.push({ destination: value.value, weight: 100, cluster: "" });
  } else if (value.kind === "array") {
    for (const one of value.value) destinations.push(readDestination(one));
  } else destinations.push(readDestination(value));
  const why = mappingComplaint(source, destinations);
  // One that leads nowhere is taken, and means nothing.
  const used = destinations.filter(({ destination }) => destination !== "");
  if (why === null) return { source, destinations: used };
  const target = value.kind === "string" ? ` to ${JSON.stringify(value.value)}` : "";
  throw wrong(value, `Error adding mapping for ${JSON.stringify(source)}${target} : ${why}`);
}

/** Source: nats-server `parseAccountMapDest`. */
function readDestination(value: ConfValue): MappingDestination {
  if (value.kind !== "map") throw wrong(value, "Expected an entry for the mapping destination");
  let destination = "";
  let weight: number | null = null;
  let cluster = "";
  for (const [key, field] of value.value) {
    const name = key.toLowerCase();
    if (name === "dest" || name === "destination") destination = textAt(value, field);
    else if (name === "weight") weight = asWeight(field);
    else if (name === "cluster") cluster = textAt(value, field);
    else throw wrong(field, `Unknown field ${JSON.stringify(key)} for mapping destination`);
  }
  if (weight !== null) return { destination, weight, cluster };
  const text = `Missing weight for mapping destination ${JSON.stringify(destination)}`;
  throw wrong(value, text);
}

/** nats-server points at the whole entry. */
function textAt(entry: ConfValue, value: ConfValue): string {
  if (value.kind === "string") return value.value;
  throw wrong(entry, new WrongType(value, "string").message);
}

function asWeight(value: ConfValue): number {
  if (value.kind !== "integer" && value.kind !== "string") {
    throw wrong(value, `Unknown entry type for weight of ${goValue(value)}\n`);
  }
  const text = String(value.value).replace(/%$/, "");
  if (!/^[+-]?\d+$/.test(text)) {
    throw wrong(value, `Invalid weight ${JSON.stringify(text)} for mapping destination`);
  }
  const weight = Number(text);
  if (weight >= 0 && weight <= 100) return weight;
  throw wrong(value, `Invalid weight ${weight} for mapping destination`);
}

/** Source: nats-server `AddWeightedMappings`. */
function mappingComplaint(
  source: string,
  destinations: readonly MappingDestination[],
): string | null {
  const seen = new Set<string>();
  const totals = new Map<string, number>();
  for (const { destination, weight, cluster } of destinations) {
    if (seen.has(destination)) return `duplicate entry for ${JSON.stringify(destination)}`;
    seen.add(destination);
    const total = (totals.get(cluster) ?? 0) + weight;
    if (total > 100) return "total weight needs to be <= 100";
    totals.set(cluster, total);
    if (destination === "") continue;
    const shape = shapeComplaint(destination);
    if (shape !== null) return shape;
    try {
      compileTransform(source, destination);
    } catch (error) {
      if (!(error instanceof TransformError)) throw error;
      return error.message;
    }
  }
  return null;
}

/** Source: nats-server `ValidateMapping`, what it says before the transform is tried. */
function shapeComplaint(destination: string): string | null {
  const invalid = "invalid mapping destination: invalid transform";
  let ended = false;
  for (const token of destination.split(".")) {
    if (token === "" || ended) return token === "" ? invalid : `${invalid} in ${token}`;
    if (token.startsWith("{{") && token.endsWith("}}")) continue;
    if (/[\t\n\f\r ]/.test(token)) return invalid;
    ended = token === ">";
  }
  return null;
}

/** Source: nats-server `parseJetStreamForAccount`. */
function checkTraffic(_draft: unknown, value: ConfValue, _notes: ConfNotes, key: string): void {
  if (value.kind === "string" && ["system", "", "owner"].includes(value.value)) return;
  const either = value.kind === "string" ? "" : "either ";
  const expected = `Expected ${either}'system' or 'owner' string value for ${JSON.stringify(key)}`;
  throw wrong(value, `${expected}, got ${goValue(value)}`);
}

/** Source: nats-server `parseAccountMsgTrace`. */
function checkTrace(_draft: unknown, value: ConfValue, notes: ConfNotes, key: string): void {
  const block = JSON.stringify(key);
  if (value.kind === "string") return checkTraceSubject(value, key);
  if (value.kind !== "map") {
    const expected = `Expected account message trace ${block} to be a string or a map/struct`;
    throw wrong(value, `${expected}, got ${goType(value)}`);
  }
  const before = notes.problems.length;
  for (const [name, one] of value.value) {
    attempt(notes, () => {
      if (name.toLowerCase() === "dest") checkTraceSubject(one, name);
      else if (name.toLowerCase() === "sampling") checkTraceSampling(one, name);
      else if (!one.usedAsVariable) {
        const unknown = `Unknown field ${JSON.stringify(name)} parsing account`;
        throw wrong(one, `${unknown} message trace map/struct ${block}`);
      }
    });
  }
  const isSound = notes.problems.length === before;
  if (!isSound || !value.value.has("sampling") || value.value.has("dest")) return;
  const unused = "Trace destination sampling ignored since no destination was set";
  notes.warnings.push(`${placeOf(value)}: ${unused}`);
}

function checkTraceSubject(value: ConfValue, key: string): void {
  if (value.kind !== "string") {
    throw wrong(value, `Field ${JSON.stringify(key)} should be a string, got ${goType(value)}`);
  }
  if (isValidSubject(value.value) && !/(^|\.)[*>](\.|$)/.test(value.value)) return;
  throw wrong(value, `Trace destination ${JSON.stringify(value.value)} is not valid`);
}

function checkTraceSampling(value: ConfValue, key: string): void {
  const what = "race destination sampling";
  if (value.kind !== "integer" && value.kind !== "string") {
    const expected = `T${what} field ${JSON.stringify(key)} should be an integer or a percentage`;
    throw wrong(value, `${expected}, got ${goType(value)}`);
  }
  const digits = String(value.value).replace(/%$/, "");
  if (!/^[+-]?\d+$/.test(digits)) {
    throw wrong(value, `Invalid t${what} value ${JSON.stringify(value.value)}`);
  }
  const percent = Number(digits);
  if (percent >= 1 && percent <= 100) return;
  throw wrong(value, `Tt${what} value ${percent} is invalid, needs to be [1..100]`);
}
