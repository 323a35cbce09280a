/** A parsed configuration file as a {@link ServerConfig}. */

import { formatGoDuration } from "../../jetstream/index.ts";
import { seconds } from "../../kernel/index.ts";
import { type ConfMap, type ConfOptions, type ConfValue, parseConf } from "../../protocol/index.ts";
import type { UserConfig } from "./account-config.ts";
import { readAccounts, readMappings } from "./accounts-conf.ts";
import { readAuthorization } from "./authorization-conf.ts";
import { asDuration, asListen, textDuration } from "./conf-quantities.ts";
import {
  attempt,
  ConfigProblems,
  type ConfNotes,
  type FieldReader,
  ignoring,
  readFields,
  setterOf,
} from "./conf-reader.ts";
import { asBool, asInteger, asString, goType, wrong } from "./conf-values.ts";
import { readJetStream } from "./jetstream-conf.ts";
import { readCluster, readWebsocket } from "./listeners-conf.ts";
import {
  defaultServerConfig,
  type LimitsConfig,
  type ProcessConfig,
  type ServerConfig,
} from "./server-config.ts";
import { readClientTls } from "./tls-conf.ts";
import { unbuiltChecks } from "./unbuilt-conf.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<ServerConfig>;

/** What the file says. */
export interface ReadConfig {
  readonly config: ServerConfig;
  /** Keys that have no effect here. */
  readonly ignored: readonly string[];
  /** What is taken at a start, but not by `-t`. */
  readonly warnings: readonly string[];
}

/**
 * Throws {@link ConfigProblems} with every problem at once, in the order of the file.
 * Source: nats-server `processConfigFileLine`. Names are compared without case.
 */
export function serverConfigFromConf(conf: ConfMap, before = defaultServerConfig("")): ReadConfig {
  const notes: ConfNotes = { problems: [], warnings: [], ignored: [] };
  const draft: Draft = { ...before };
  readFields(draft, conf, topFields, notes);
  const block = [...conf].find(([key]) => key.toLowerCase() === "authorization")?.[1];
  if (block !== undefined) attempt(notes, () => checkUsers(draft, block));
  const { problems, warnings, ignored } = notes;
  if (problems.length > 0) throw new ConfigProblems([...warnings, ...problems]);
  return { config: draft, ignored: [...new Set(ignored)], warnings };
}

/** Users of accounts and of the server are one list. Source: `setupUsersAndNKeysDuplicateCheckMap`. */
function checkUsers({ accounts, authorization }: ServerConfig, block: ConfValue): void {
  const nameOf = ({ nkey, username }: UserConfig): string => (nkey === "" ? username : nkey);
  const names = new Set(accounts.flatMap(({ users }) => users.map(nameOf)));
  if (names.size === 0) return;
  const array = "and a users array";
  if (authorization.username !== "") throw wrong(block, `Can not have a single user/pass ${array}`);
  if (authorization.token !== "") throw wrong(block, `Can not have a token ${array}`);
  for (const user of authorization.users) {
    if (!names.has(nameOf(user))) continue;
    const what = user.nkey === "" ? "user" : "nkey";
    throw wrong(block, `Duplicate ${what} ${JSON.stringify(nameOf(user))} detected`);
  }
}

/**
 * Reads a configuration file's text. Throws {@link ConfigProblems}, or `ConfError` when the text
 * does not follow the grammar.
 */
export function serverConfigFromText(
  text: string,
  options: ConfOptions = {},
  before = defaultServerConfig(""),
): ReadConfig {
  const conf = parseConf(text, options);
  const read = serverConfigFromConf(conf, before);
  if (conf.size > 0) return read;
  return { ...read, warnings: [`${options.file ?? ""}: config has no values or is empty`] };
}

/**
 * Why a server cannot start with this configuration, or null: what `-t` does not look at.
 * Source: nats-server `validateOptions`.
 */
export function configObstacle(config: ServerConfig): string | null {
  const { limits, lameDuckDuration, lameDuckGracePeriod, noAuthUser, websocket } = config;
  if (limits.maxPayload > limits.maxPending) {
    const text = `max_payload (${limits.maxPayload}) cannot be higher than max_pending`;
    return `${text} (${limits.maxPending})`;
  }
  if (lameDuckGracePeriod >= lameDuckDuration) {
    return "lame duck grace period should be strictly lower than lame duck duration";
  }
  const users = [config.authorization, ...config.accounts].flatMap((one) => one.users);
  if (noAuthUser !== "" && users.length === 0) {
    return `no_auth_user: "${noAuthUser}" present, but users/nkeys are not defined`;
  }
  if (
    noAuthUser !== "" &&
    !users.some(({ username, nkey }) => username === noAuthUser || nkey === noAuthUser)
  ) {
    return `no_auth_user: "${noAuthUser}" not present as user or nkey in authorization block or account configuration`;
  }
  if (websocket !== null && !websocket.noTls && websocket.tls === undefined)
    return "websocket requires TLS configuration";
  const { systemAccount, accounts } = config;
  if (systemAccount !== "" && !accounts.some(({ name }) => name === systemAccount)) {
    return "error resolving system account: account missing";
  }
  return null;
}

const limit =
  (key: keyof LimitsConfig, greatest = Number.POSITIVE_INFINITY): FieldReader<Draft> =>
  (draft, value, _notes, name) => {
    if (asInteger(value) > greatest) throw wrong(value, `${name} value is too big`);
    draft.limits = { ...draft.limits, [key]: asInteger(value) };
  };

const int32Max = 2 ** 31 - 1;
const tokensMax = 255;

const setTokens: FieldReader<Draft> = (draft, value, notes, name) => {
  if (asInteger(value) <= 0) throw wrong(value, `${name} value can not be negative`);
  limit("maxSubTokens", tokensMax)(draft, value, notes, name);
};

const processText =
  (key: "logFile" | "pidFile" | "portsFileDir"): FieldReader<Draft> =>
  (draft, value) => {
    draft.process = { ...draft.process, [key]: asString(value) };
  };

const processFlag =
  (...keys: (keyof ProcessConfig)[]): FieldReader<Draft> =>
  (draft, value) => {
    const flag = asBool(value);
    for (const key of keys) draft.process = { ...draft.process, [key]: flag };
  };

const setFeatureFlags: FieldReader<Draft> = (draft, value) => {
  if (value.kind !== "map") {
    throw wrong(value, `error parsing feature flags: unsupported type ${goType(value)}`);
  }
  const flags: Record<string, boolean> = {};
  for (const [key, one] of value.value) {
    if (one.kind === "bool") {
      flags[key] = one.value;
      continue;
    }
    const which = `error parsing feature flag ${JSON.stringify(key)}`;
    throw wrong(one, `${which}: expected bool, got ${goType(one)}`);
  }
  draft.featureFlags = flags;
};
const setMonitoring: FieldReader<Draft> = (draft, value) => {
  draft.monitoring = asListen(value, draft.monitoring?.host ?? "");
};
const setMonitoringPort: FieldReader<Draft> = (draft, value) => {
  draft.monitoring = { host: draft.monitoring?.host ?? "", port: asInteger(value) };
};
const set = setterOf<Draft>();

const setHost = set("host", asString);
const setMappings = set("mappings", readMappings);
const setSystemAccount = set("systemAccount", (value) => {
  if (value.kind === "string") return value.value;
  throw wrong(value, "system account name must be a string");
});
const setWebsocket = set("websocket", readWebsocket);
const setStoreDir: FieldReader<Draft> = (draft, value) => {
  if (draft.storeDir !== "" || (draft.jetstream?.storeDir ?? "") !== "") {
    throw wrong(value, "Duplicate 'store_dir' configuration");
  }
  draft.storeDir = asString(value);
};

function readTags(value: ConfValue): readonly string[] {
  if (value.kind === "string") return [value.value];
  const unsupported = "error parsing tags: unsupported type";
  if (value.kind !== "array") throw wrong(value, `${unsupported} ${goType(value)}`);
  return value.value.map((tag) => {
    if (tag.kind === "string") return tag.value;
    throw wrong(value, `${unsupported} *conf.token where string is expected`);
  });
}

const topFields: Readonly<Record<string, FieldReader<Draft>>> = {
  listen: (draft, value) => {
    const { host, port } = asListen(value, "");
    draft.host = host;
    draft.port = port;
  },
  client_advertise: set("clientAdvertise", asString),
  port: set("port", asInteger),
  server_name: (draft, value) => {
    draft.name = asString(value);
    if (draft.name.includes(" ")) throw wrong(value, "server name cannot contain spaces");
  },
  host: setHost,
  net: setHost,
  debug: processFlag("debug"),
  trace: processFlag("trace"),
  trace_verbose: processFlag("traceVerbose", "trace"),
  trace_headers: processFlag("traceHeaders", "trace"),
  max_traced_msg_len: (draft, value) => {
    draft.process = { ...draft.process, maxTraced: asInteger(value) };
  },
  logtime: processFlag("logtime"),
  logtime_utc: processFlag("logtimeUtc"),
  logfile: processText("logFile"),
  log_file: processText("logFile"),
  pidfile: processText("pidFile"),
  pid_file: processText("pidFile"),
  ports_file_dir: processText("portsFileDir"),
  mappings: setMappings,
  maps: setMappings,
  accounts: set("accounts", readAccounts),
  authorization: (draft, value, notes) => {
    draft.authorization = readAuthorization(draft.authorization, value, notes);
  },
  no_auth_user: set("noAuthUser", asString),
  system_account: setSystemAccount,
  system: setSystemAccount,
  http: setMonitoring,
  http_port: setMonitoringPort,
  monitor_port: setMonitoringPort,
  store_dir: setStoreDir,
  storedir: setStoreDir,
  jetstream: (draft, value, notes) => {
    draft.jetstream = readJetStream(draft.storeDir, value, notes);
  },
  max_control_line: limit("maxControlLine", int32Max),
  max_payload: limit("maxPayload", int32Max),
  max_pending: limit("maxPending"),
  max_connections: limit("maxConnections"),
  max_conn: limit("maxConnections"),
  max_subscriptions: limit("maxSubscriptions"),
  max_subs: limit("maxSubscriptions"),
  max_sub_tokens: setTokens,
  max_subscription_tokens: setTokens,
  ping_interval: set("pingInterval", (value, notes) => asDuration(value, "ping_interval", notes)),
  ping_max: set("pingMax", asInteger),
  write_deadline: set("writeDeadline", (value, notes) =>
    asDuration(value, "write_deadline", notes),
  ),
  lame_duck_duration: (draft, value) => {
    draft.lameDuckDuration = textDuration(value, "lame_duck_duration");
    if (draft.lameDuckDuration < seconds(30)) {
      const given = formatGoDuration(draft.lameDuckDuration);
      throw wrong(value, `invalid lame_duck_duration of ${given}, minimum is 30 seconds`);
    }
  },
  lame_duck_grace_period: (draft, value) => {
    draft.lameDuckGracePeriod = textDuration(value, "lame_duck_grace_period");
    if (draft.lameDuckGracePeriod < 0) {
      throw wrong(value, "invalid lame_duck_grace_period, needs to be positive");
    }
  },
  no_header_support: set("noHeaders", asBool),
  server_tags: set("tags", readTags),
  tls: (draft, value, notes) => {
    notes.ignored.push("tls");
    draft.tls = readClientTls(value, notes);
  },
  allow_non_tls: (draft, value, notes) => {
    notes.ignored.push("allow_non_tls");
    draft.allowNonTls = asBool(value);
  },
  websocket: setWebsocket,
  ws: setWebsocket,
  cluster: set("cluster", readCluster),
  feature_flags: setFeatureFlags,
  ...ignoring(unbuiltChecks),
};
