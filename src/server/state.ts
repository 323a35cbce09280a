/** The state of one server process: plain data, gone when the process is killed. */
import type { DurationNanos, StoredTime, VirtualNanos } from "../kernel/index.ts";
import type { OutBuffer, ParserState, Transform } from "../protocol/index.ts";
import type { JetStreamState } from "./assets/jetstream-state.ts";
import type { AssetNews } from "./assets/replicas/news.ts";
import type {
  AccountConfig,
  LatencyConfig,
  PermissionsConfig,
  ResponsePermission,
  ResponseType,
} from "./config/account-config.ts";
import type { ServerConfig } from "./config/server-config.ts";
import type { PeerTls, Secured } from "./connections/secured.ts";
import type { GroupWork, RaftGroup } from "./groups/group.ts";
import type { Interest, Subscription } from "./interest/subscription.ts";
import type { InternalEvent } from "./internal.ts";
import type { Routes } from "./links/route-conn.ts";

export interface ServerState {
  config: ServerConfig;
  /** 56 characters, `N…`; drawn at the start. */
  id: string;
  xkey: string;
  name: string;
  phase: "new" | "running" | "lame-duck" | "stopping" | "stopped";
  started: StoredTime;
  startedAt: VirtualNanos;
  /** When its configuration was read last. */
  configLoaded: StoredTime;
  /** Client ids count from 1 in each process. */
  lastCid: number;
  /** By the number of the connection in the world. */
  readonly conns: Map<number, ClientConn>;
  readonly accounts: Map<string, Account>;
  /** Internal subscribers' mail; empty whenever an entry point has returned. */
  readonly inbox: InternalEvent[];
  /** Connections with output that waits for the flush; empty as above. */
  readonly dirty: ClientConn[];
  readonly totals: ServerTotals;
  /** Ended connections, newest last, for /connz?state=closed. */
  readonly closed: ClosedConn[];
  /** The user that a client is who names nobody, where only the system account has any. */
  globalUser: string | undefined;
  /** Counts what the server said in the system account, as `ServerInfo` shows it. */
  systemSeq: number;
  /** Links to the other servers; undefined, which no hash counts, while this one stands alone. */
  routes: Routes | undefined;
  /** Raft groups that this server is a member of, by name; undefined as above. */
  readonly groups: Map<string, RaftGroup> | undefined;
  readonly groupWork: GroupWork | undefined;
  /** What assets tell the meta layer; empty between events. */
  readonly assetNews: AssetNews[] | undefined;
  /** Null while JetStream is off. */
  jetstream: JetStreamState | null;
}

export interface ServerTotals {
  connections: number;
  inMsgs: number;
  inBytes: number;
  outMsgs: number;
  outBytes: number;
  slowConsumers: number;
  staleConnections: number;
  readonly httpRequests: Map<string, number>;
}

export interface Account {
  readonly name: string;
  config: AccountConfig;
  readonly interest: Interest;
  mappings: readonly Mapping[];
  /** What this account asks of others; filled when the server starts. */
  readonly services: ServiceImport[];
  /** What this account hears of others. */
  streams: readonly StreamImport[];
  /** Answers that are on their way to other accounts, by `_R_.…` subject, oldest first. */
  readonly responses: Map<string, ServiceResponse>;
  /** By subscription: those that it has in other accounts because of imports. */
  readonly shadows: Map<number, readonly Shadow[]>;
  /** Client connections at present. */
  clients: number;
  /** What clients that have gone sent and got. */
  readonly past: Traffic;
}

export interface Traffic {
  inMsgs: number;
  inBytes: number;
  outMsgs: number;
  outBytes: number;
  slowConsumers: number;
}

/** A service of another account under a subject of this one. */
export interface ServiceImport {
  readonly account: string;
  readonly subject: string;
  readonly to: string;
  readonly share: boolean;
  /** From the subject here to the one there; null when they are the same. */
  readonly transform: Transform | null;
  readonly responses: ResponseType;
  readonly threshold: DurationNanos;
  readonly latency: LatencyConfig | null;
}

/** A stream of another account (not JetStream's) under a subject of this one. */
export interface StreamImport {
  readonly account: string;
  readonly subject: string;
  readonly to: string;
  /** For each `*` of `to` the number of the wildcard of `subject`, from 0. */
  readonly order: readonly number[];
  /** From the subject there to the one here; null when they are the same. */
  readonly transform: Transform | null;
}

/** Where the answer to a request goes that came from another account. */
export interface ServiceResponse {
  readonly account: string;
  readonly to: string;
  readonly responses: ResponseType;
  readonly threshold: DurationNanos;
  lastAt: VirtualNanos;
  /** Null when nobody wants to know how long it takes, or was told. */
  measured: Measurement | null;
}

/** A request to a service whose export wants to know how long answers take. */
export interface Measurement {
  /** Where that is told, in the account of the export. */
  readonly subject: string;
  /** Who asked, and whether all is told of it. */
  readonly conn: number;
  readonly share: boolean;
  /** The headers that asked for it; null when it was chance. */
  readonly header: Readonly<Record<string, readonly string[]>> | null;
  readonly at: VirtualNanos;
  readonly wall: StoredTime;
}

/** A subscription in the account of an export, for one in the account of the import. */
export interface Shadow {
  readonly account: string;
  readonly id: number;
}

/** Where a published subject goes instead; the first mapping that matches is taken. */
export interface Mapping {
  readonly source: string;
  readonly isWildcard: boolean;
  /** By rising threshold: a draw below it (of 100) takes the transform. */
  readonly choices: readonly { readonly below: number; readonly transform: Transform }[];
}

/** A client's connection. */
export interface ClientConn {
  /** Its number in the world, by which `ServerIo` knows it. */
  readonly conn: number;
  readonly cid: number;
  readonly ip: string;
  readonly port: number;
  readonly transport: "tcp" | "ws" | "inproc";
  /** Undefined, which no hash counts, where there is no TLS. */
  readonly tls: PeerTls | undefined;
  secured: Secured | undefined;
  readonly parser: ParserState;
  /** What a client with a key has to sign; "" when no user has one. */
  readonly nonce: string;
  readonly start: StoredTime;
  readonly startedAt: VirtualNanos;
  lastActivity: StoredTime;
  /** When bytes that count as life last came: PING, messages, subscriptions. */
  lastIn: VirtualNanos;
  options: ConnectOptions;
  /** The account it is bound to; "" before CONNECT when authentication is on. */
  account: string;
  user: string;
  permissions: Permissions | null;
  /** From sid to subscription number. */
  readonly subs: Map<string, number>;
  connectReceived: boolean;
  firstPongSent: boolean;
  closed: boolean;
  pingsOut: number;
  pingSentAt: VirtualNanos | null;
  rtt: DurationNanos;
  inMsgs: number;
  inBytes: number;
  outMsgs: number;
  outBytes: number;
  /** Output of this event; null between events. */
  out: OutBuffer | null;
}

/** The members of CONNECT that the server acts on or shows. */
export interface ConnectOptions {
  readonly verbose: boolean;
  readonly pedantic: boolean;
  readonly echo: boolean;
  readonly headers: boolean;
  readonly noResponders: boolean;
  readonly protocol: number;
  readonly name: string;
  readonly lang: string;
  readonly version: string;
  readonly user: string;
  readonly pass: string;
  readonly token: string;
  readonly nkey: string;
  /** Of the nonce, by the key of `nkey`. */
  readonly sig: string;
  /** Asked for in CONNECT, which nats-server takes for a violation. */
  readonly account: string;
  readonly newAccount: boolean;
}

/** What /connz shows of a connection. */
export type ConnFacts = Pick<
  ClientConn,
  | "conn"
  | "cid"
  | "ip"
  | "port"
  | "transport"
  | "secured"
  | "start"
  | "lastActivity"
  | "options"
  | "account"
  | "user"
  | "rtt"
  | "inMsgs"
  | "inBytes"
  | "outMsgs"
  | "outBytes"
>;

/** A connection that has ended; frozen, so that checkpoints share it. */
export interface ClosedConn extends ConnFacts {
  /** What it was subscribed to at its end. */
  readonly subs: readonly ClosedSub[];
  readonly stop: StoredTime;
  readonly reason: string;
}

export type ClosedSub = Pick<Subscription, "subject" | "queue" | "sid" | "delivered" | "max">;

/** A user's permissions while connected. */
export interface Permissions {
  readonly config: PermissionsConfig;
  readonly responses: ResponsePermission | null;
  /** Reply subjects that this client was given, with what is left of its right to answer. */
  readonly replies: Map<string, { left: number; until: VirtualNanos }>;
}
