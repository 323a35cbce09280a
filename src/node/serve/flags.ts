/** The command line of nats-server, as far as it applies here. */
import {
  defaultJetStream,
  defaultTls,
  type ServerConfig,
  type TlsConfig,
} from "../../server/index.ts";
import {
  type Change,
  checkedCluster,
  clusterListen,
  clusterName,
  clusterRoutes,
} from "./cluster-flags.ts";

/** What was said on the command line; it wins over the configuration file. */
export interface ServeFlags {
  readonly configFile: string;
  readonly storeDir: string;
  /** A scenario to host; "" for a plain server. */
  readonly world: string;
  /** `PORT` or `HOST:PORT` for inputs and state; "" for none. */
  readonly control: string;
  readonly checkOnly: boolean;
  readonly signal: string;
  readonly help: boolean;
  readonly version: boolean;
  readonly apply: readonly ((config: ServerConfig) => ServerConfig)[];
}

/** A command line that cannot be understood. */
export class FlagError extends Error {
  override readonly name = "FlagError";
}

type Draft = { -readonly [K in keyof ServeFlags]: ServeFlags[K] } & {
  apply: ((config: ServerConfig) => ServerConfig)[];
  /** Null until it is said. */
  withTls: boolean | null;
  tls: Partial<TlsConfig>;
};

interface Flag {
  /** Flags that take a value; others are switches. */
  readonly value: boolean;
  readonly take: (draft: Draft, value: string) => void;
}

/** Go's flag package: one dash or two, `-p 1` or `-p=1`; switches take `=false`. */
export function parseFlags(args: readonly string[]): ServeFlags {
  const draft: Draft = {
    configFile: "",
    storeDir: "",
    world: "",
    control: "",
    checkOnly: false,
    signal: "",
    help: false,
    version: false,
    apply: [],
    withTls: null,
    tls: {},
  };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    const [, name = "", given] = /^--?([^=-][^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === "") throw new FlagError(`unrecognized command: "${arg}"`);
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined) throw new FlagError(`flag provided but not defined: -${name}`);
    let value = given ?? "true";
    if (flag.value && given === undefined) {
      const next = args[++i];
      if (next === undefined) throw new FlagError(`flag needs an argument: -${name}`);
      value = next;
    }
    flag.take(draft, value);
  }
  applyTls(draft);
  draft.apply.push(checkedCluster);
  return draft;
}

const set = (change: Change): Flag => ({
  value: true,
  take: (draft, value) => void draft.apply.push((config) => change(config, value)),
});

const processSwitch = (...keys: (keyof ServerConfig["process"])[]): Flag => ({
  value: false,
  take: (draft, value) => {
    const changes = Object.fromEntries(keys.map((key) => [key, isTrue(value)]));
    draft.apply.push((config) => ({ ...config, process: { ...config.process, ...changes } }));
  },
});

const processText = (key: "logFile" | "pidFile" | "portsFileDir"): Flag =>
  set((config, value) => ({ ...config, process: { ...config.process, [key]: value } }));

const switchTo = (key: "checkOnly" | "help" | "version"): Flag => ({
  value: false,
  take: (draft, value) => {
    draft[key] = isTrue(value);
  },
});

const textOf = (key: "configFile" | "signal" | "world" | "control"): Flag => ({
  value: true,
  take: (draft, value) => {
    draft[key] = value;
  },
});

/** Understood by nats-server, without effect here. */
const nothing = (value: boolean): Flag => ({ value, take: () => {} });

const host = set((config, value) => ({ ...config, host: value }));
const port = set((config, value) => ({ ...config, port: integer("port", value) }));
const name = set((config, value) => ({ ...config, name: value }));
const httpPort = set((config, value) => {
  const listen = { host: config.monitoring?.host ?? "", port: integer("http_port", value) };
  return { ...config, monitoring: listen };
});
const storeDir: Flag = {
  value: true,
  take: (draft, value) => {
    draft.storeDir = value;
    draft.apply.push((config) => {
      const { jetstream } = config;
      const placed = jetstream === null ? null : { ...jetstream, storeDir: value };
      return { ...config, storeDir: value, jetstream: placed };
    });
  },
};
const jetstream: Flag = {
  value: false,
  take: (draft, value) => {
    if (isTrue(value)) draft.apply.push(withJetStream);
  },
};
const credentials = (key: "username" | "password" | "token"): Flag =>
  set((config, value) => ({
    ...config,
    authorization: { ...config.authorization, [key]: value },
  }));

/** What the command line says of TLS replaces what the file says. Source: `overrideTLS`. */
function withTls(draft: Draft, change: Partial<TlsConfig>): void {
  draft.tls = { ...draft.tls, ...change };
  draft.withTls ??= true;
}

const tlsFile = (key: "certFile" | "keyFile" | "caFile"): Flag => ({
  value: true,
  take: (draft, value) => withTls(draft, { [key]: value }),
});

const tlsSwitch: Flag = {
  value: false,
  take: (draft, value) => {
    draft.withTls = isTrue(value);
  },
};

const tlsVerify: Flag = {
  value: false,
  take: (draft, value) => withTls(draft, { verify: isTrue(value) }),
};

/** `--tls=false` wins over the file and all others. Throws without a certificate and its key. */
function applyTls(draft: Draft): void {
  const { tls } = draft;
  if (draft.withTls === null) return;
  if (!draft.withTls) {
    draft.apply.push(({ tls: _, ...config }) => config);
    return;
  }
  const { certFile = "", keyFile = "" } = tls;
  if (certFile === "") throw new Error("TLS Server certificate must be present and valid");
  if (keyFile === "") throw new Error("TLS Server private key must be present and valid");
  draft.apply.push((config) => ({ ...config, tls: { ...defaultTls, ...tls } }));
}

const flags: Readonly<Record<string, Flag>> = {
  a: host,
  addr: host,
  net: host,
  p: port,
  port,
  n: name,
  name,
  server_name: name,
  P: processText("pidFile"),
  pid: processText("pidFile"),
  m: httpPort,
  http_port: httpPort,
  ms: nothing(true),
  https_port: nothing(true),
  c: textOf("configFile"),
  config: textOf("configFile"),
  t: switchTo("checkOnly"),
  world: textOf("world"),
  control: textOf("control"),
  sl: textOf("signal"),
  signal: textOf("signal"),
  client_advertise: set((config, value) => ({ ...config, clientAdvertise: value })),
  ports_file_dir: processText("portsFileDir"),
  l: processText("logFile"),
  log: processText("logFile"),
  T: processSwitch("logtime"),
  logtime: processSwitch("logtime"),
  logtime_utc: processSwitch("logtimeUtc"),
  s: nothing(false),
  syslog: nothing(false),
  r: nothing(true),
  remote_syslog: nothing(true),
  D: processSwitch("debug"),
  debug: processSwitch("debug"),
  V: processSwitch("trace"),
  trace: processSwitch("trace"),
  VV: processSwitch("trace", "traceVerbose"),
  DV: processSwitch("debug", "trace"),
  DVV: processSwitch("debug", "trace", "traceVerbose"),
  log_size_limit: nothing(true),
  max_traced_msg_len: set((config, value) => {
    const maxTraced = integer("max_traced_msg_len", value);
    return { ...config, process: { ...config.process, maxTraced } };
  }),
  js: jetstream,
  jetstream,
  sd: storeDir,
  store_dir: storeDir,
  user: credentials("username"),
  pass: credentials("password"),
  auth: credentials("token"),
  tls: tlsSwitch,
  tlscert: tlsFile("certFile"),
  tlskey: tlsFile("keyFile"),
  tlscacert: tlsFile("caFile"),
  tlsverify: tlsVerify,
  cluster: set(clusterListen),
  cluster_listen: set(clusterListen),
  routes: set(clusterRoutes),
  cluster_name: set(clusterName),
  cluster_advertise: nothing(true),
  connect_retries: nothing(true),
  no_advertise: nothing(false),
  profile: nothing(true),
  h: switchTo("help"),
  help: switchTo("help"),
  v: switchTo("version"),
  version: switchTo("version"),
};

function withJetStream(config: ServerConfig): ServerConfig {
  const known = config.jetstream ?? { ...defaultJetStream, storeDir: config.storeDir };
  return { ...config, jetstream: known };
}

function isTrue(value: string): boolean {
  return ["1", "t", "T", "TRUE", "true", "True"].includes(value);
}

function integer(flag: string, value: string): number {
  if (/^[+-]?\d+$/.test(value)) return Number(value);
  throw new FlagError(`invalid value "${value}" for flag -${flag}: parse error`);
}
