/** What a server is told when it starts. Plain data, frozen. */
import { type DurationNanos, minutes, seconds } from "../../kernel/index.ts";

export interface ServerConfig {
  /** "" lets the server use its id. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly clientAdvertise: string;
  readonly monitoring: ListenConfig | null;
  readonly websocket: WebsocketConfig | null;
  readonly limits: LimitsConfig;
  readonly pingInterval: DurationNanos;
  readonly pingMax: number;
  readonly writeDeadline: DurationNanos;
  readonly lameDuckDuration: DurationNanos;
  readonly lameDuckGracePeriod: DurationNanos;
  readonly noHeaders: boolean;
  readonly authorization: AuthorizationConfig;
  readonly accounts: readonly AccountConfig[];
  readonly systemAccount: string;
  readonly noAuthUser: string;
  readonly mappings: readonly MappingConfig[];
  /** The store directory named at top level; that of `jetstream` otherwise. */
  readonly storeDir: string;
  readonly jetstream: JetStreamConfig | null;
  readonly tags: readonly string[];
  readonly cluster: ClusterConfig | null;
  readonly process: ProcessConfig;
}

export interface ListenConfig {
  readonly host: string;
  readonly port: number;
}

export interface WebsocketConfig extends ListenConfig {
  readonly noTls: boolean;
  readonly sameOrigin: boolean;
  readonly allowedOrigins: readonly string[];
  readonly compression: boolean;
  readonly noAuthUser: string;
  readonly handshakeTimeout: DurationNanos;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Counts and bytes; -1 stands for no limit. */
export interface LimitsConfig {
  readonly maxConnections: number;
  readonly maxSubscriptions: number;
  readonly maxSubTokens: number;
  readonly maxControlLine: number;
  readonly maxPayload: number;
  /** Bytes that may wait for a client before it is a slow consumer. */
  readonly maxPending: number;
}

export interface AuthorizationConfig {
  readonly username: string;
  readonly password: string;
  readonly token: string;
  readonly users: readonly UserConfig[];
  readonly timeout: DurationNanos;
  readonly defaultPermissions: PermissionsConfig | null;
}

export interface UserConfig {
  readonly username: string;
  readonly password: string;
  readonly permissions: PermissionsConfig | null;
}

export interface PermissionsConfig {
  readonly publish: SubjectPermission | null;
  readonly subscribe: SubjectPermission | null;
  readonly responses: ResponsePermission | null;
}

/** `allow` null allows everything that `deny` does not forbid. */
export interface SubjectPermission {
  readonly allow: readonly string[] | null;
  readonly deny: readonly string[];
}

export interface ResponsePermission {
  readonly max: number;
  readonly expires: DurationNanos;
}

export interface AccountConfig {
  readonly name: string;
  readonly users: readonly UserConfig[];
  readonly defaultPermissions: PermissionsConfig | null;
  readonly jetstream: AccountJetStreamConfig | null;
  readonly mappings: readonly MappingConfig[];
  readonly maxConnections: number;
  readonly maxSubscriptions: number;
  readonly maxPayload: number;
}

/** Bytes and counts; -1 stands for no limit. */
export interface AccountJetStreamConfig {
  readonly maxMemory: number;
  readonly maxFile: number;
  readonly maxStreams: number;
  readonly maxConsumers: number;
  readonly maxAckPending: number;
  readonly maxMemoryStreamBytes: number;
  readonly maxFileStreamBytes: number;
  readonly maxBytesRequired: boolean;
}

export interface MappingConfig {
  readonly source: string;
  readonly destinations: readonly MappingDestination[];
}

export interface MappingDestination {
  readonly destination: string;
  /** Percent. */
  readonly weight: number;
  /** Only for publishers of this cluster; "" for all. */
  readonly cluster: string;
}

export interface JetStreamConfig {
  readonly storeDir: string;
  /** Bytes; -1: derived from the host. */
  readonly maxMemory: number;
  readonly maxFile: number;
  readonly domain: string;
  /** Null is `sync_interval: always`. */
  readonly syncInterval: DurationNanos | null;
  readonly strict: boolean;
  readonly limits: JetStreamLimitsConfig;
}

/** Counts; 0 stands for nats-server's default. */
export interface JetStreamLimitsConfig {
  readonly maxRequestBatch: number;
  readonly maxAckPending: number;
  readonly maxHaAssets: number;
  readonly duplicateWindow: DurationNanos;
}

export interface ClusterConfig extends ListenConfig {
  readonly name: string;
  readonly routes: readonly string[];
}

/** What concerns the process around the server: files and log. */
export interface ProcessConfig {
  readonly debug: boolean;
  readonly trace: boolean;
  readonly traceVerbose: boolean;
  readonly logtime: boolean;
  readonly logtimeUtc: boolean;
  readonly logFile: string;
  readonly pidFile: string;
  readonly portsFileDir: string;
  /** `sha256:…` of the configuration file; "" without one. */
  readonly configDigest: string;
}

export const unlimitedJetStream: AccountJetStreamConfig = {
  maxMemory: -1,
  maxFile: -1,
  maxStreams: -1,
  maxConsumers: -1,
  maxAckPending: -1,
  maxMemoryStreamBytes: 0,
  maxFileStreamBytes: 0,
  maxBytesRequired: false,
};

export const defaultJetStream: JetStreamConfig = {
  storeDir: "",
  maxMemory: -1,
  maxFile: -1,
  domain: "",
  syncInterval: minutes(2),
  strict: true,
  limits: { maxRequestBatch: 0, maxAckPending: 0, maxHaAssets: 0, duplicateWindow: seconds(0) },
};

/** nats-server's defaults, JetStream off. Source: `server/const.go`. */
export function defaultServerConfig(name: string): ServerConfig {
  return {
    name,
    host: "0.0.0.0",
    port: 4222,
    clientAdvertise: "",
    monitoring: null,
    websocket: null,
    limits: {
      maxConnections: 65_536,
      maxSubscriptions: 0,
      maxSubTokens: 0,
      maxControlLine: 4096,
      maxPayload: 1024 * 1024,
      maxPending: 64 * 1024 * 1024,
    },
    pingInterval: minutes(2),
    pingMax: 2,
    writeDeadline: seconds(10),
    lameDuckDuration: minutes(2),
    lameDuckGracePeriod: seconds(10),
    noHeaders: false,
    authorization: {
      username: "",
      password: "",
      token: "",
      users: [],
      timeout: seconds(2),
      defaultPermissions: null,
    },
    accounts: [],
    systemAccount: "",
    noAuthUser: "",
    mappings: [],
    storeDir: "",
    jetstream: null,
    tags: [],
    cluster: null,
    process: {
      debug: false,
      trace: false,
      traceVerbose: false,
      logtime: true,
      logtimeUtc: false,
      logFile: "",
      pidFile: "",
      portsFileDir: "",
      configDigest: "",
    },
  };
}
