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
import { type Check, type Checks, flag, text, under } from "./conf-checks.ts";
import { asTextList, publicKey } from "./conf-field-checks.ts";
import { durationText } from "./conf-quantities.ts";
import {
  attempt,
  type ConfNotes,
  type FieldReader,
  ignoring,
  readFields,
  setterOf,
  warn,
} from "./conf-reader.ts";
import {
  asBool,
  asInteger,
  asMap,
  asString,
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
  timeout: set("timeout", (value, notes) => authTimeout(value, notes)),
  users: set("users", readUsers),
  default_permission: set("defaultPermissions", readPermissions),
  default_permissions: set("defaultPermissions", readPermissions),
  permissions: set("defaultPermissions", readPermissions),
  ...ignoring(
    { auth_callout: callout, auth_hook: callout, proxy_required: flag },
    "authorization.",
  ),
};

/** Source: nats-server `parseAuthorization`. Who asks for a link checks what may stand together. */
export function readAuthorization(
  before: AuthorizationConfig,
  value: ConfValue,
  notes: ConfNotes,
  isLink = false,
): AuthorizationConfig {
  const draft: Mutable<AuthorizationConfig> = { ...before };
  readFields(draft, asMap(value), authorizationFields, notes);
  if (!isLink) checkAuthorization(draft, value);
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
  ...ignoring({ proxy_required: flag }),
};

const connectionTypes: ReadonlySet<string> = new Set([
  ...["STANDARD", "WEBSOCKET", "LEAFNODE", "LEAFNODE_WS", "MQTT", "MQTT_WS", "IN_PROCESS"],
]);

/** Source: nats-server `convertAllowedConnectionTypes`. */
function readConnectionTypes(value: ConfValue, notes: ConfNotes): readonly string[] {
  const given = asTextList(value, "allowed connection types", notes);
  const types = given.map((type) => type.toUpperCase());
  const unknown = types.filter((type) => !connectionTypes.has(type));
  if (unknown.length === 0) return types;
  throw wrong(value, `invalid connection types [${unknown.map(goQuoted).join(" ")}]`);
}

const goQuoted = (text: string): string => JSON.stringify(text);

/** Seconds or a duration; `where` is what nats-server calls a block that is not the server's. */
export function authTimeout(
  value: ConfValue,
  notes: ConfNotes,
  where = "",
): AuthorizationConfig["timeout"] {
  const prefix = `error parsing ${where}authorization config, 'timeout'`;
  const isNumber = value.kind === "integer" || value.kind === "float";
  if (!isNumber && value.kind !== "string") throw wrong(value, `${prefix} wrong type`);
  const timeout = isNumber
    ? seconds(value.value)
    : durationText(value.value, (why) => wrong(value, `${prefix} ${why}`));
  if (timeout > minutes(1)) {
    const given = `timeout of ${goValue(value)} (${(timeout / seconds(1)).toFixed(6)} seconds)`;
    warn(notes, value, "timeout", `${given} is high, ${howToQuote}`);
  }
  return timeout;
}

const howToQuote =
  "consider keeping it under 60 seconds. possibly caused by unquoted duration; " +
  "use '1m' instead of 1m, for example";

/** Source: nats-server `parseAuthCallout`. */
const calloutFields: Checks = {
  issuer: publicKey("account", (key) => `Expected callout user to be a valid ${accountKey(key)}`),
  ...under(text, ["account", "acc"]),
  ...under(names("auth_users"), ["auth_users", "users"]),
  ...under(
    publicKey("curve", (key) => `Expected callout xkey to be a valid public xkey, got ${key}`),
    ["xkey", "key"],
  ),
  allowed_accounts: names("allowed accounts"),
};

function accountKey(key: string): string {
  return `public account nkey, got ${key}`;
}

function names(field: string): Check {
  return (_draft, value) => {
    // It names the type of its own wrapper.
    if (value.kind !== "array") {
      throw wrong(value, `Expected ${field} field to be an array, got *conf.token`);
    }
    for (const one of value.value) asString(one);
  };
}

function callout(_draft: unknown, value: ConfValue, notes: ConfNotes, key: string): void {
  if (value.kind !== "map") {
    const expected = "Expected authorization callout to be a map/struct";
    throw wrong(value, `${expected}, got ${goValue(value)}`);
  }
  const before = notes.problems.length;
  for (const [name, one] of value.value) {
    const check = Object.hasOwn(calloutFields, name.toLowerCase())
      ? calloutFields[name.toLowerCase()]
      : undefined;
    attempt(notes, () => {
      if (check !== undefined) check(null, one, notes, key);
      else if (!one.usedAsVariable) {
        const field = JSON.stringify(name);
        throw wrong(one, `Unknown field ${field} parsing authorization callout`);
      }
    });
  }
  // A mistake of type ends it there; an unknown field does not.
  const isBroken = notes.problems
    .slice(before)
    .some((problem) => !problem.includes("Unknown field"));
  if (isBroken) return;
  const last = [...value.value.values()].at(-1) ?? value;
  const requires = "Authorization callouts require";
  if (!value.value.has("issuer")) {
    throw wrong(last, `${requires} an issuer to be specified`);
  }
  const users = value.value.get("auth_users") ?? value.value.get("users");
  if (users?.kind === "array" && users.value.length > 0) return;
  throw wrong(last, `${requires} authorized users to be specified`);
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
  // What has no names for what it allows is judged without its place.
  if (value.kind !== "map") return { allow: readSubjects(value, allowQueue, false), deny: [] };
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

/**
 * One subject or several; those to subscribe to may name a queue group.
 * Source: nats-server `parsePermSubjects`, `checkPermSubjectArray`.
 */
export function readSubjects(
  value: ConfValue,
  allowQueue: boolean,
  isPlaced = true,
): readonly string[] {
  const refuse = isPlaced ? (why: string) => wrong(value, why) : wrongSomewhere;
  if (value.kind !== "string" && value.kind !== "array") {
    const expected = "Expected subject permissions to be a subject, or array of subjects";
    throw refuse(`${expected}, got ${goType(value)}`);
  }
  const entries = value.kind === "array" ? value.value : [value];
  const subjects = entries.map((entry) => {
    if (entry.kind === "string") return entry.value;
    throw wrong(entry, "Subject in permissions array cannot be cast to string");
  });
  for (const subject of subjects) {
    const why = subjectComplaint(subject, allowQueue);
    if (why !== null) throw refuse(why);
  }
  return subjects.map((subject) => subject.trim().split(/\s+/).join(" "));
}

function subjectComplaint(text: string, allowQueue: boolean): string | null {
  if (isValidSubject(text)) return null;
  const [subject = "", queue = "", ...more] = text.trim().split(/\s+/);
  const quoted = goQuoted(text);
  if (!allowQueue || queue === "" || more.length > 0) {
    return `subject ${quoted} is not a valid subject`;
  }
  if (!isValidSubject(subject)) return `subject ${goQuoted(subject)} is not a valid subject`;
  return isValidSubject(queue) ? null : `queue ${goQuoted(queue)} is not a valid queue`;
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
  for (const [key, field] of value.value) {
    const reader = Object.entries(readers).find(([name]) => name === key.toLowerCase())?.[1];
    attempt(notes, () => {
      if (reader !== undefined) reader(draft, field, notes, key);
      else if (!field.usedAsVariable) {
        throw wrong(field, `Unknown field ${JSON.stringify(key)} parsing permissions`);
      }
    });
  }
  return draft;
}
