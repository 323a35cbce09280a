/** A parsed configuration file as a {@link ServerConfig}. */

import { formatGoDuration } from "../../jetstream/index.ts";
import { seconds } from "../../kernel/index.ts";
import { type ConfMap, type ConfOptions, parseConf } from "../../protocol/index.ts";
import { readAccounts, readMappings } from "./accounts-conf.ts";
import { readAuthorization } from "./authorization-conf.ts";
import { asDuration, asListen, textDuration } from "./conf-quantities.ts";
import {
  ConfigProblems,
  type ConfNotes,
  type FieldReader,
  ignoreAll,
  readFields,
  setterOf,
} from "./conf-reader.ts";
import { asBool, asInteger, asString, asStrings, wrong } from "./conf-values.ts";
import { readJetStream } from "./jetstream-conf.ts";
import { readCluster, readWebsocket } from "./listeners-conf.ts";
import {
  defaultServerConfig,
  type LimitsConfig,
  type ProcessConfig,
  type ServerConfig,
} from "./server-config.ts";
import { readTls } from "./tls-conf.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<ServerConfig>;

/** What the file says, and which of its keys have no effect here. */
export interface ReadConfig {
  readonly config: ServerConfig;
  readonly ignored: readonly string[];
}

/**
 * Throws {@link ConfigProblems} with every problem at once, in the order of the file.
 * Source: nats-server `processConfigFileLine`. Names are compared without case.
 */
export function serverConfigFromConf(conf: ConfMap, before = defaultServerConfig("")): ReadConfig {
  const notes: ConfNotes = { problems: [], ignored: [] };
  const draft: Draft = { ...before };
  readFields(draft, conf, topFields, notes);
  if (notes.problems.length > 0) throw new ConfigProblems(notes.problems);
  return { config: draft, ignored: [...new Set(notes.ignored)] };
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
  if (conf.size === 0) {
    throw new ConfigProblems([`${options.file ?? ""}: config has no values or is empty`]);
  }
  return serverConfigFromConf(conf, before);
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
  (key: keyof LimitsConfig): FieldReader<Draft> =>
  (draft, value) => {
    draft.limits = { ...draft.limits, [key]: asInteger(value) };
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

const setMonitoring: FieldReader<Draft> = (draft, value) => {
  draft.monitoring = asListen(value, draft.monitoring?.host ?? "");
};
const set = setterOf<Draft>();

const setHost = set("host", asString);
const setMappings = set("mappings", readMappings);
const setSystemAccount = set("systemAccount", asString);
const setWebsocket = set("websocket", readWebsocket);
const setStoreDir: FieldReader<Draft> = (draft, value) => {
  if (draft.jetstream !== null && draft.jetstream.storeDir !== "") {
    throw wrong(value, "Duplicate 'store_dir' configuration");
  }
  draft.storeDir = asString(value);
};

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
  trace_headers: processFlag("trace"),
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
  http_port: setMonitoring,
  monitor_port: setMonitoring,
  store_dir: setStoreDir,
  storedir: setStoreDir,
  jetstream: (draft, value, notes) => {
    draft.jetstream = readJetStream(draft.storeDir, value, notes);
  },
  max_control_line: limit("maxControlLine"),
  max_payload: limit("maxPayload"),
  max_pending: limit("maxPending"),
  max_connections: limit("maxConnections"),
  max_conn: limit("maxConnections"),
  max_subscriptions: limit("maxSubscriptions"),
  max_subs: limit("maxSubscriptions"),
  max_sub_tokens: limit("maxSubTokens"),
  max_subscription_tokens: limit("maxSubTokens"),
  ping_interval: set("pingInterval", (value) => asDuration(value, "ping_interval")),
  ping_max: set("pingMax", asInteger),
  write_deadline: set("writeDeadline", (value) => asDuration(value, "write_deadline")),
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
  server_tags: set("tags", asStrings),
  tls: (draft, value, notes) => {
    notes.ignored.push("tls");
    draft.tls = readTls(value, notes);
  },
  allow_non_tls: (draft, value, notes) => {
    notes.ignored.push("allow_non_tls");
    draft.allowNonTls = asBool(value);
  },
  websocket: setWebsocket,
  ws: setWebsocket,
  cluster: set("cluster", readCluster),
  ...ignoreAll([
    "connect_error_reports",
    "default_js_domain",
    "default_sentinel",
    "disable_sublist_cache",
    "feature_flags",
    "gateway",
    "http_base_path",
    "https",
    "https_port",
    "leaf",
    "leafnodes",
    "log_max_num",
    "log_size_limit",
    "logfile_max_num",
    "logfile_size_limit",
    "max_closed_clients",
    "max_traced_msg_len",
    "mqtt",
    "no_fast_producer_stall",
    "no_sublist_cache",
    "no_sys_acc",
    "no_system",
    "no_system_account",
    "ocsp",
    "ocsp_cache",
    "operator",
    "operators",
    "prof_block_rate",
    "prof_port",
    "proxies",
    "proxy_protocol",
    "reconnect_error_reports",
    "remote_syslog",
    "account_resolver",
    "accounts_resolver",
    "resolver",
    "resolver_pinned_accounts",
    "resolver_preload",
    "resolver_tls",
    "root",
    "root_operator",
    "root_operators",
    "roots",
    "server_metadata",
    "syslog",
    "trusted",
    "trusted_keys",
    "write_timeout",
  ]),
};
