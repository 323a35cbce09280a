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

export type PresetName = "plain" | "nojs" | "none" | "accounts" | "limits";

/** What a preset puts into the world. */
export interface Preset {
  readonly name: PresetName;
  readonly help: string;
  /** Null: nothing listens. */
  readonly server: (() => ServerConfig) | null;
}

export const presets: readonly Preset[] = [
  { name: "plain", help: "one server with JetStream, no accounts", server: plainServer },
  { name: "nojs", help: "one server without JetStream", server: () => recordedServer("n1") },
  { name: "none", help: "nothing listens", server: null },
  { name: "accounts", help: "a system account and an account APP", server: accountsServer },
  {
    name: "limits",
    help: "small limits on account APP, and a read-only user",
    server: limitsServer,
  },
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
