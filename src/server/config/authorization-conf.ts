/** `authorization { … }`, `users [ … ]` and `permissions { … }` of a configuration file. */
import { minutes, seconds } from "../../kernel/index.ts";
import { type ConfValue, decodePublicKey, isValidSubject } from "../../protocol/index.ts";
import type {
  AuthorizationConfig,
  PermissionsConfig,
  ResponsePermission,
  SubjectPermission,
  UserConfig,
} from "./account-config.ts";
import { durationText } from "./conf-quantities.ts";
import {
  attempt,
  type ConfNotes,
  type FieldReader,
  ignore,
  readFields,
  setterOf,
} from "./conf-reader.ts";
import {
  asBool,
  asInteger,
  asMap,
  asString,
  asStrings,
  goType,
  goValue,
  wrong,
  wrongSomewhere,
} from "./conf-values.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const set = setterOf<Mutable<AuthorizationConfig>>();

const authorizationFields: Readonly<Record<string, FieldReader<Mutable<AuthorizationConfig>>>> = {
  user: set("username", asString),
  username: set("username", asString),
  pass: set("password", asString),
  password: set("password", asString),
  token: set("token", asString),
  timeout: set("timeout", authTimeout),
  users: set("users", readUsers),
  default_permission: set("defaultPermissions", readPermissions),
  default_permissions: set("defaultPermissions", readPermissions),
  permissions: set("defaultPermissions", readPermissions),
  auth_callout: ignore("authorization.auth_callout"),
  auth_hook: ignore("authorization.auth_callout"),
  proxy_required: ignore("authorization.proxy_required"),
};

/** Source: nats-server `parseAuthorization`. */
export function readAuthorization(
  before: AuthorizationConfig,
  value: ConfValue,
  notes: ConfNotes,
): AuthorizationConfig {
  const draft: Mutable<AuthorizationConfig> = { ...before };
  readFields(draft, asMap(value), authorizationFields, notes);
  checkAuthorization(draft, value);
  return draft;
}

/** One way to come in excludes the others. Source: nats-server `processConfigFileLine`. */
function checkAuthorization(
  { username, password, token, users }: AuthorizationConfig,
  value: ConfValue,
): void {
  const hasSingle = username !== "" || password !== "";
  if (hasSingle && token !== "") throw wrong(value, "Cannot have a user/pass and token");
  if (users.length === 0) return;
  if (hasSingle) throw wrong(value, "Can not have a single user/pass and a users array");
  if (token !== "") throw wrong(value, "Can not have a token and a users array");
  const seen = new Set<string>();
  for (const user of users) {
    const name = user.nkey === "" ? user.username : user.nkey;
    const what = user.nkey === "" ? "user" : "nkey";
    if (seen.has(name)) throw wrong(value, `Duplicate ${what} ${JSON.stringify(name)} detected`);
    seen.add(name);
  }
}

/** What nats-server says of `users` that are no array; of those of an account without a place. */
export function noArrayOfUsers(value: ConfValue): string {
  return `Expected users field to be an array, got ${goValue(value)}`;
}

/** Source: nats-server `parseUsers`. */
export function readUsers(value: ConfValue, notes: ConfNotes): UserConfig[] {
  if (value.kind !== "array") throw wrong(value, noArrayOfUsers(value));
  const users: UserConfig[] = [];
  for (const entry of value.value) {
    attempt(notes, () => {
      if (entry.kind !== "map") {
        throw wrong(entry, `Expected user entry to be a map/struct, got ${goValue(entry)}`);
      }
      const user: UserDraft = { username: "", password: "", permissions: null, nkey: "" };
      const before = notes.problems.length;
      readFields<UserDraft>(user, entry.value, userFields, notes);
      if (notes.problems.length > before) return;
      // nats-server points at the last member that it read.
      const last = [...entry.value.values()].at(-1) ?? entry;
      if (user.nkey === "" && user.username === "") throw wrong(last, "User entry requires a user");
      if (user.nkey !== "") checkKeyUser(user, last);
      users.push(user);
    });
  }
  return users;
}

/** Source: nats-server `parseUserPermissions`. */
export function readPermissions(value: ConfValue, notes: ConfNotes): PermissionsConfig {
  if (value.kind !== "map") {
    throw wrong(value, `Expected permissions to be a map/struct, got ${goValue(value)}`);
  }
  const draft: Mutable<PermissionsConfig> = { publish: null, subscribe: null, responses: null };
  for (const [key, field] of value.value) {
    attempt(notes, () => readPermission(draft, key, field, notes));
  }
  // The right to respond turns the blanket allowance off.
  if (draft.responses !== null && (draft.publish?.allow ?? null) === null) {
    draft.publish = { allow: [], deny: draft.publish?.deny ?? [] };
  }
  return draft;
}

/** Source: nats-server `parseUsers`. */
function checkKeyUser({ nkey, username, password }: UserDraft, place: ConfValue): void {
  if (decodePublicKey("user", nkey) === null)
    throw wrong(place, "Not a valid public nkey for a user");
  if (username === "" && password === "") return;
  throw wrong(place, "Nkey users do not take usernames or passwords");
}

type UserDraft = Mutable<UserConfig>;

const setUser = setterOf<UserDraft>();

const userFields: Readonly<Record<string, FieldReader<UserDraft>>> = {
  nkey: setUser("nkey", asString),
  user: setUser("username", asString),
  username: setUser("username", asString),
  pass: setUser("password", asString),
  password: setUser("password", asString),
  permission: setUser("permissions", readPermissions),
  permissions: setUser("permissions", readPermissions),
  authorization: setUser("permissions", readPermissions),
  allowed_connection_types: setUser("connectionTypes", readConnectionTypes),
  connection_types: setUser("connectionTypes", readConnectionTypes),
  clients: setUser("connectionTypes", readConnectionTypes),
  proxy_required: ignore("proxy_required"),
};

const connectionTypes: ReadonlySet<string> = new Set([
  ...["STANDARD", "WEBSOCKET", "LEAFNODE", "LEAFNODE_WS", "MQTT", "MQTT_WS", "IN_PROCESS"],
]);

/** Source: nats-server `convertAllowedConnectionTypes`. */
function readConnectionTypes(value: ConfValue): readonly string[] {
  const types = asStrings(value).map((type) => type.toUpperCase());
  const unknown = types.filter((type) => !connectionTypes.has(type));
  if (unknown.length === 0) return types;
  throw wrong(value, `invalid connection types [${unknown.map(goQuoted).join(" ")}]`);
}

const goQuoted = (text: string): string => JSON.stringify(text);

function authTimeout(value: ConfValue): AuthorizationConfig["timeout"] {
  if (value.kind === "integer" || value.kind === "float") return seconds(value.value);
  const prefix = "error parsing authorization config, 'timeout'";
  if (value.kind !== "string") throw wrong(value, `${prefix} wrong type`);
  return durationText(value.value, (why) => wrong(value, `${prefix} ${why}`));
}

function readPermission(
  draft: Mutable<PermissionsConfig>,
  key: string,
  value: ConfValue,
  notes: ConfNotes,
): void {
  switch (key.toLowerCase()) {
    case "pub":
    case "publish":
    case "import":
      draft.publish = readSubjectPermission(value, false, notes);
      break;
    case "sub":
    case "subscribe":
    case "export":
      draft.subscribe = readSubjectPermission(value, true, notes);
      break;
    case "publish_allow_responses":
    case "allow_responses":
      draft.responses = readResponses(value, notes);
      break;
    default:
      if (value.usedAsVariable) break;
      throw wrong(value, `Unknown field ${JSON.stringify(key)} parsing permissions`);
  }
}

function readSubjectPermission(
  value: ConfValue,
  allowQueue: boolean,
  notes: ConfNotes,
): SubjectPermission {
  if (value.kind !== "map") return { allow: readSubjects(value, allowQueue), deny: [] };
  const draft: Mutable<SubjectPermission> = { allow: null, deny: [] };
  for (const [key, field] of value.value) {
    attempt(notes, () => {
      if (key.toLowerCase() === "allow") draft.allow = readSubjects(field, allowQueue);
      else if (key.toLowerCase() === "deny") draft.deny = readSubjects(field, allowQueue);
      else if (!field.usedAsVariable) {
        const text = `Unknown field name ${JSON.stringify(key)} parsing subject permissions`;
        throw wrong(field, `${text}, only 'allow' or 'deny' are permitted`);
      }
    });
  }
  return draft;
}

/** One subject or several; those to subscribe to may name a queue group. */
function readSubjects(value: ConfValue, allowQueue: boolean): string[] {
  if (value.kind !== "string" && value.kind !== "array") {
    const expected = "Expected subject permissions to be a subject, or array of subjects";
    throw wrong(value, `${expected}, got ${goType(value)}`);
  }
  const entries = value.kind === "array" ? value.value : [value];
  return entries.map((entry) => {
    if (entry.kind !== "string") {
      throw wrong(entry, "Subject in permissions array cannot be cast to string");
    }
    const [subject = "", ...rest] = entry.value.split(/\s+/);
    const fits = isValidSubject(subject) && rest.length <= (allowQueue ? 1 : 0);
    if (!fits)
      throw wrongSomewhere(`subject ${JSON.stringify(entry.value)} is not a valid subject`);
    return [subject, ...rest].join(" ");
  });
}

// Source: nats-server DEFAULT_ALLOW_RESPONSE_MAX_MSGS, DEFAULT_ALLOW_RESPONSE_EXPIRATION.
const defaultResponses: ResponsePermission = { max: 1, expires: minutes(2) };

function readResponses(value: ConfValue, notes: ConfNotes): ResponsePermission | null {
  if (value.kind === "bool") return asBool(value) ? defaultResponses : null;
  if (value.kind !== "map") {
    throw wrong(value, "error parsing response permissions, expected a boolean or a map");
  }
  const draft: Mutable<ResponsePermission> = { ...defaultResponses };
  const setMax: FieldReader<typeof draft> = (into, field) => {
    into.max = asInteger(field) || into.max;
  };
  const setExpires: FieldReader<typeof draft> = (into, field) => {
    if (field.kind !== "string") {
      throw wrong(field, "error parsing expires, not a duration string");
    }
    const refuse = (why: string): Error => wrong(field, `error parsing expires: ${why}`);
    into.expires = durationText(field.value, refuse) || into.expires;
  };
  const readers = {
    max: setMax,
    max_msgs: setMax,
    max_messages: setMax,
    max_responses: setMax,
    expires: setExpires,
    expiration: setExpires,
    ttl: setExpires,
  };
  readFields(draft, value.value, readers, notes);
  return draft;
}
