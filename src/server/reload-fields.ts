/**
 * Which settings a running server can change, in the order in which nats-server looks at them, and
 * how it says so. Source: nats-server `reload.go` `diffOptions`, and the `Apply` of each option.
 */
import { formatGoDuration } from "../jetstream/index.ts";
import { type DurationNanos, sortedBy } from "../kernel/index.ts";
import { globalAccount } from "./accounts/accounts.ts";
import type { AccountConfig } from "./config/account-config.ts";
import type { ServerConfig } from "./config/server-config.ts";

/** What cannot change while the server runs; nothing was changed. */
export class ReloadError extends Error {
  override readonly name = "ReloadError";
}

/** nats-server finds these different each time, by comparing what it made of them. */
const always: ReadonlySet<string> = new Set(["Users", "Accounts"]);

interface Field {
  /** Of Go's `Options`. */
  readonly name: string;
  readonly of: (config: ServerConfig) => unknown;
  /** What the log says of a new value; throws {@link ReloadError}. Not given: it cannot change. */
  readonly said?: (config: ServerConfig, old: ServerConfig) => string | null;
}

/** What the log says of all changes; throws {@link ReloadError} when one of them cannot be. */
export function reloadNews(old: ServerConfig, config: ServerConfig): string[] {
  const said: string[] = [];
  for (const { name, of, said: tell } of fields) {
    const [was, is] = [of(old), of(config)];
    if (always.has(name)) said.push(tell?.(config, old) ?? "");
    if (always.has(name) || isSame(was, is)) continue;
    if (tell === undefined) throw notSupported(name, was, is);
    const text = tell(config, old);
    if (text !== null) said.push(text);
  }
  return said;
}

export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function notSupported(name: string, was: unknown, is: unknown): ReloadError {
  const values = `old=${goText(was)}, new=${goText(is)}`;
  return new ReloadError(`config reload not supported for ${name}: ${values}`);
}

/** Go's `%v`, near enough for settings that are more than a word. */
function goText(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value ?? "");
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  return `{${Object.values(value).map(goText).join(" ")}}`;
}

function goMap(map: Readonly<Record<string, boolean>>): string {
  const keys = sortedBy(Object.keys(map), (key) => key);
  return `map[${keys.map((key) => `${key}:${map[key]}`).join(" ")}]`;
}

const fixed = (name: string, of: Field["of"]): Field => ({ name, of });
const plain = (name: string, key: string, of: Field["of"]): Field => ({
  name,
  of,
  said: (config) => `${key} = ${goText(of(config))}`,
});
const duration = (nanos: DurationNanos): string => formatGoDuration(nanos);

const fields: readonly Field[] = [
  fixed("ServerName", ({ name }) => name),
  fixed("Host", ({ host }) => host),
  fixed("Port", ({ port }) => port),
  plain("ClientAdvertise", "client_advertise", ({ clientAdvertise }) => clientAdvertise),
  plain("Trace", "trace", ({ process }) => process.trace),
  plain("Debug", "debug", ({ process }) => process.debug),
  plain("TraceVerbose", "trace_verbose", ({ process }) => process.traceVerbose),
  fixed("TraceHeaders", ({ process }) => process.traceHeaders ?? false),
  fixed("NoHeaderSupport", ({ noHeaders }) => noHeaders),
  plain("Logtime", "logtime", ({ process }) => process.logtime),
  plain("LogtimeUTC", "logtime_utc", ({ process }) => process.logtimeUtc),
  plain("MaxConn", "max_connections", ({ limits }) => limits.maxConnections),
  fixed("MaxSubs", ({ limits }) => limits.maxSubscriptions),
  fixed("MaxSubTokens", ({ limits }) => limits.maxSubTokens),
  {
    name: "Nkeys",
    of: (config) => usersOf(config).filter(({ nkey }) => nkey !== ""),
    said: () => "authorization nkey users",
  },
  {
    name: "Users",
    of: (config) => usersOf(config).filter(({ nkey }) => nkey === ""),
    said: () => "authorization users",
  },
  { name: "Accounts", of: accountsOf, said: () => "accounts" },
  {
    name: "NoAuthUser",
    of: ({ noAuthUser }) => noAuthUser,
    said({ noAuthUser: is, ...config }, { noAuthUser: was }) {
      const isKnown = usersOf({ noAuthUser: is, ...config }).some(
        ({ username }) => username === was,
      );
      if (was === "" || is !== "" || isKnown) throw notSupported("NoAuthUser", was, is);
      return null;
    },
  },
  fixed("SystemAccount", ({ systemAccount }) => systemAccount),
  {
    name: "Username",
    of: ({ authorization }) => authorization.username,
    said: () => "authorization username",
  },
  {
    name: "Password",
    of: ({ authorization }) => authorization.password,
    said: () => "authorization password",
  },
  {
    name: "Authorization",
    of: ({ authorization }) => authorization.token,
    said: () => "authorization token",
  },
  {
    name: "PingInterval",
    of: ({ pingInterval }) => pingInterval,
    said: ({ pingInterval }) => `ping_interval = ${duration(pingInterval)}`,
  },
  plain("MaxPingsOut", "ping_max", ({ pingMax }) => pingMax),
  fixed("HTTPHost", ({ monitoring }) => monitoring?.host ?? ""),
  fixed("HTTPPort", ({ monitoring }) => monitoring?.port ?? 0),
  {
    name: "AuthTimeout",
    of: ({ authorization }) => authorization.timeout,
    said: ({ authorization }) => `authorization timeout = ${authorization.timeout / 1e9}`,
  },
  plain("MaxControlLine", "max_control_line", ({ limits }) => limits.maxControlLine),
  plain("MaxPayload", "max_payload", ({ limits }) => limits.maxPayload),
  fixed("MaxPending", ({ limits }) => limits.maxPending),
  fixed("cluster host", ({ cluster }) => cluster?.host ?? ""),
  fixed("cluster port", ({ cluster }) => cluster?.port ?? 0),
  fixed("Cluster", ({ cluster }) => cluster),
  {
    name: "JetStream",
    of: ({ jetstream }) => jetstream !== null,
    said({ cluster }) {
      if (cluster !== null) throw new ReloadError("config reload not supported for JetStream");
      return "JetStream";
    },
  },
  ...jetStreamFields(),
  fixed("Websocket", ({ websocket }) => websocket),
  plain("PidFile", "pid_file", ({ process }) => process.pidFile),
  plain("PortsFileDir", "ports_file_dir", ({ process }) => process.portsFileDir),
  plain("LogFile", "log_file", ({ process }) => process.logFile),
  {
    name: "TLSConfig",
    of: ({ tls }) => tls ?? null,
    said: ({ tls }) => `tls = ${tls === undefined ? "disabled" : "enabled"}`,
  },
  {
    name: "WriteDeadline",
    of: ({ writeDeadline }) => writeDeadline,
    said: ({ writeDeadline }) => `write_deadline = ${duration(writeDeadline)}`,
  },
  fixed("LameDuckDuration", ({ lameDuckDuration }) => duration(lameDuckDuration)),
  fixed("LameDuckGracePeriod", ({ lameDuckGracePeriod }) => duration(lameDuckGracePeriod)),
  fixed("FeatureFlags", ({ featureFlags = {} }) => goMap(featureFlags)),
  plain("MaxTracedMsgLen", "max_traced_msg_len", ({ process }) => process.maxTraced ?? 0),
  { name: "Tags", of: ({ tags }) => tags, said: () => "tags" },
];

/** Nothing of this matters while JetStream is off, before or after. */
function jetStreamFields(): Field[] {
  const most = (name: string, key: string, kind: "maxMemory" | "maxFile"): Field => ({
    name,
    of: (config) => config.jetstream?.[kind] ?? -1,
    said(config, old) {
      if (config.jetstream === null || old.jetstream === null) return null;
      const [was, is] = [old.jetstream[kind], config.jetstream[kind]];
      const unable = "config reload not supported for";
      if (was === -1) throw new ReloadError(`${unable} jetstream dynamic max memory and store`);
      if (is === -1) throw new ReloadError(`${unable} jetstream max memory and max store`);
      if (is < was) throw new ReloadError(`${unable} decreasing jetstream max memory and store`);
      return `JetStream ${key} = ${friendlyBytes(is)}`;
    },
  });
  const kept = (
    name: string,
    of: (js: NonNullable<ServerConfig["jetstream"]>) => unknown,
  ): Field => ({
    name,
    of: ({ jetstream }) => (jetstream === null ? null : of(jetstream)),
    said(config, old) {
      if (config.jetstream === null || old.jetstream === null) return null;
      throw notSupported(name, of(old.jetstream), of(config.jetstream));
    },
  });
  return [
    kept("JetStreamStrict", ({ strict }) => strict),
    most("JetStreamMaxMemory", "max_mem_store", "maxMemory"),
    most("JetStreamMaxStore", "max_file_store", "maxFile"),
    kept("JetStreamDomain", ({ domain }) => domain),
    {
      name: "StoreDir",
      of: ({ jetstream, storeDir }) => jetstream?.storeDir ?? storeDir,
      said(config, old) {
        if (config.jetstream === null || old.jetstream === null) return null;
        const { storeDir } = config.jetstream;
        const what = storeDir === "" ? "storage dir" : "storage directory";
        throw new ReloadError(`config reload not supported for jetstream ${what}`);
      },
    },
    kept("SyncInterval", ({ syncInterval }) => syncInterval),
    {
      name: "JetStreamLimits",
      of: ({ jetstream }) => jetstream?.limits ?? null,
      said: ({ jetstream }, old) =>
        jetstream === null || old.jetstream === null ? null : "JetStream limits",
    },
  ];
}

function usersOf({ authorization, accounts }: ServerConfig) {
  const users = [authorization, ...accounts].flatMap((one) => one.users);
  return sortedBy(users, ({ username, nkey }) => `${username} ${nkey}`);
}

/** Mappings at the top of a file are those of the global account. */
function accountsOf({ accounts, mappings }: ServerConfig): readonly unknown[] {
  const own: Pick<AccountConfig, "name" | "mappings">[] =
    mappings.length === 0 ? [] : [{ name: globalAccount, mappings }];
  return [...own, ...sortedBy(accounts, ({ name }) => name)];
}

/** Source: nats-server `friendlyBytes`. */
function friendlyBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let size = bytes;
  let power = -1;
  while (size >= 1024) {
    size /= 1024;
    power++;
  }
  return `${size.toFixed(2)} ${"KMGTPE"[power] ?? ""}B`;
}
