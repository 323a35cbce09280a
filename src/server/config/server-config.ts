/** What a server is told when it starts. Plain data, frozen. */
import { type DurationNanos, minutes, seconds } from "../../kernel/index.ts";
import type { AccountConfig, AuthorizationConfig, MappingConfig } from "./account-config.ts";
import type { JetStreamConfig } from "./jetstream-config.ts";

export interface ServerConfig {
  /** "" lets the server use its id. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly clientAdvertise: string;
  readonly monitoring: ListenConfig | null;
  readonly websocket: WebsocketConfig | null;
  /** Not given: clients talk in the clear. Only a machine with real sockets does what it says. */
  readonly tls?: TlsConfig;
  /** With `tls`: clients may also talk in the clear. */
  readonly allowNonTls?: boolean;
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
  /** What was opted into or out of; absent until something is. */
  readonly featureFlags?: Readonly<Record<string, boolean>>;
  readonly cluster: ClusterConfig | null;
  readonly process: ProcessConfig;
}

export interface ListenConfig {
  readonly host: string;
  readonly port: number;
}

/** Paths and switches of one listener. */
export interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  /** Clients show a certificate that the authority signed. */
  readonly verify: boolean;
  /** Whom a client is follows from its certificate. */
  readonly mapUsers: boolean;
  /** TLS begins at once, before INFO. */
  readonly handshakeFirst: boolean;
  /** How long to wait for such a beginning before INFO goes out in the clear; 0: for ever. */
  readonly fallbackDelay: DurationNanos;
  readonly timeout: DurationNanos;
}

export interface WebsocketConfig extends ListenConfig {
  /** `HOST:PORT` that the other servers' clients are told of; not given: where it listens. */
  readonly advertise?: string;
  readonly noTls: boolean;
  readonly tls?: TlsConfig;
  readonly sameOrigin: boolean;
  readonly allowedOrigins: readonly string[];
  readonly compression: boolean;
  readonly noAuthUser: string;
  readonly handshakeTimeout: DurationNanos;
  /** Of its clients alone; not given: that of all. */
  readonly pingInterval?: DurationNanos;
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

export interface ClusterConfig extends ListenConfig {
  readonly name: string;
  readonly routes: readonly RouteAddress[];
  /**
   * Names of all members, this server's included: whom the meta group begins with. nats-server
   * learns them by gossip; here the world says who they are. Empty: as many as there are routes.
   */
  readonly peers: readonly string[];
}

/** Where another server of the cluster listens for routes. */
export interface RouteAddress {
  readonly host: string;
  readonly port: number;
}

/** What concerns the process around the server: files and log. */
export interface ProcessConfig {
  readonly debug: boolean;
  readonly trace: boolean;
  readonly traceVerbose: boolean;
  /** Of a message that is traced, its headers alone. Absent, as what follows, until it is set. */
  readonly traceHeaders?: boolean;
  /** Bytes of a traced message that are shown; 0: all of them. */
  readonly maxTraced?: number;
  readonly logtime: boolean;
  readonly logtimeUtc: boolean;
  readonly logFile: string;
  readonly pidFile: string;
  readonly portsFileDir: string;
  /** `sha256:…` of the configuration file; "" without one. */
  readonly configDigest: string;
}

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
