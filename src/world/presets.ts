/** Worlds by name, as the recorded transcripts call them, and the server that `world server` makes. */
import { seconds } from "../kernel/index.ts";
import {
  type AccountConfig,
  defaultJetStream,
  defaultServerConfig,
  type JetStreamConfig,
  type ServerConfig,
} from "../server/index.ts";

const mebibyte = 1_048_576;
const gibibyte = 1_073_741_824;

/** Port of the transcripts' server, on the terminal's own host. */
export const recordedPort = 14_222;

/** Ports of the transcripts' cluster: one a server, from here on. */
const recordedClusterPort = 14_231;

export type PresetName =
  | "plain"
  | "nojs"
  | "none"
  | "accounts"
  | "limits"
  | "cluster"
  | "cluster3"
  | "cluster5";

const routePort = 6222;

/** What a preset puts into the world. */
export interface Preset {
  readonly name: PresetName;
  readonly help: string;
  /** None: nothing listens. */
  readonly servers: () => readonly ServerConfig[];
}

export const presets: readonly Preset[] = [
  { name: "plain", help: "one server with JetStream, no accounts", servers: () => [plainServer()] },
  { name: "nojs", help: "one server without JetStream", servers: () => [recordedServer("n1")] },
  { name: "none", help: "nothing listens", servers: () => [] },
  {
    name: "accounts",
    help: "a system account and an account APP",
    servers: () => [accountsServer()],
  },
  {
    name: "limits",
    help: "small limits on account APP, and a read-only user",
    servers: () => [limitsServer()],
  },
  {
    name: "cluster",
    help: "three servers in cluster C1, accounts as in `accounts`",
    servers: () => membersOf(3).map((name, at, all) => recordedMember(name, at, all)),
  },
  { name: "cluster3", help: "three servers in cluster C1", servers: () => standardMembers(3) },
  { name: "cluster5", help: "five servers in cluster C1", servers: () => standardMembers(5) },
];

/** The server of `world server`: JetStream on, every door open. */
export function standardServer(name: string): ServerConfig {
  return {
    ...defaultServerConfig(name),
    monitoring: { host: "0.0.0.0", port: 8222 },
    websocket: {
      host: "0.0.0.0",
      port: 8080,
      noTls: true,
      sameOrigin: false,
      allowedOrigins: [],
      compression: false,
      noAuthUser: "",
      handshakeTimeout: seconds(2),
      headers: [],
    },
    jetstream: recordedJetStream(`/srv/${name}`),
  };
}

/** A server of `world cluster`: one of `members`, whom it dials all. */
export function clusteredServer(
  name: string,
  cluster: string,
  members: readonly string[],
): ServerConfig {
  return {
    ...standardServer(name),
    // For `nats server … --user sys --password sys`; everybody else is let in without a name.
    accounts: [account("$SYS", "sys", {})],
    clientAdvertise: `${name}:4222`,
    cluster: clusterOf(name, cluster, members),
  };
}

/** What a server is told of its cluster: where the others are, and who belongs to it. */
export function clusterOf(
  name: string,
  cluster: string,
  members: readonly string[],
): NonNullable<ServerConfig["cluster"]> {
  const others = members.filter((one) => one !== name);
  const routes = others.map((host) => ({ host, port: routePort }));
  return { name: cluster, host: name, port: routePort, routes, peers: members };
}

function standardMembers(count: number): ServerConfig[] {
  return membersOf(count).map((name, _at, all) => clusteredServer(name, "C1", all));
}

function recordedMember(name: string, at: number, members: readonly string[]): ServerConfig {
  return {
    ...accountsServer(),
    name,
    port: recordedClusterPort + at,
    jetstream: recordedJetStream(`/srv/${name}/js`),
    cluster: clusterOf(name, "C1", members),
  };
}

/** The names of so many servers, when no others are there. */
export function membersOf(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `n${at + 1}`);
}

/** The server that the transcripts were recorded against (`transcripts/README.md`, Profiles). */
function recordedServer(name: string): ServerConfig {
  return { ...defaultServerConfig(name), host: "127.0.0.1", port: recordedPort };
}

function recordedJetStream(storeDir: string): JetStreamConfig {
  return { ...defaultJetStream, storeDir, maxMemory: 256 * mebibyte, maxFile: gibibyte };
}

function plainServer(): ServerConfig {
  return { ...recordedServer("n1"), jetstream: recordedJetStream("/srv/js") };
}

function accountsServer(): ServerConfig {
  return {
    ...plainServer(),
    systemAccount: "SYS",
    noAuthUser: "app",
    accounts: [
      account("SYS", "sys", {}),
      account("APP", "app", { jetstream: unlimited, mappings }),
    ],
  };
}

function limitsServer(): ServerConfig {
  const base = accountsServer();
  const readOnly = {
    username: "ro",
    password: "ro",
    nkey: "",
    permissions: {
      publish: { allow: ["pub.ok", "$JS.API.STREAM.INFO.>", "$JS.API.INFO"], deny: [] },
      subscribe: { allow: ["sub.ok", "_INBOX.>"], deny: [] },
      responses: null,
    },
  };
  const app = account("APP", "app", { jetstream: smallLimits });
  return {
    ...base,
    limits: { ...base.limits, maxPayload: 4096 },
    accounts: [account("SYS", "sys", {}), { ...app, users: [...app.users, readOnly] }],
  };
}

const unlimited: AccountConfig["jetstream"] = {
  maxMemory: -1,
  maxFile: -1,
  maxStreams: -1,
  maxConsumers: -1,
  maxAckPending: -1,
  maxMemoryStreamBytes: 0,
  maxFileStreamBytes: 0,
  maxBytesRequired: false,
};

const smallLimits: AccountConfig["jetstream"] = {
  ...unlimited,
  maxMemory: mebibyte,
  maxFile: 8 * mebibyte,
  maxStreams: 2,
  maxConsumers: 2,
  maxBytesRequired: true,
};

const mappings: AccountConfig["mappings"] = [
  {
    source: "map.*.in",
    destinations: [{ destination: "mapped.{{wildcard(1)}}", weight: 100, cluster: "" }],
  },
];

/** An account with one user, whose password is its name. */
function account(name: string, user: string, more: Partial<AccountConfig>): AccountConfig {
  return {
    name,
    users: [{ username: user, password: user, nkey: "", permissions: null }],
    defaultPermissions: null,
    jetstream: null,
    mappings: [],
    exports: [],
    imports: [],
    maxConnections: -1,
    maxSubscriptions: -1,
    maxPayload: -1,
    ...more,
  };
}
