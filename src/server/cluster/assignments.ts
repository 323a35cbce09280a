/** What the meta group decides: which servers hold which stream and consumer. All values. */
import type { ConsumerConfig, ConsumerStore, StreamConfig } from "../../jetstream/index.ts";
import { type StoredTime, unreachable } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";

/** The Raft group of an asset. One that has a single peer has a name but runs no Raft. */
export interface GroupSpec {
  /** `S-R3F-xxxxxxxx`, `C-R1M-xxxxxxxx`. */
  readonly name: string;
  /** Names of servers, as they were chosen. */
  readonly peers: readonly string[];
  readonly storage: "file" | "memory";
  /** Who campaigns first when the group is new. */
  readonly preferred: string;
  readonly cluster: string;
}

/** Who asked, as `client` shows in advisories; `acc` is always there. */
export type ClientInfo = { readonly [field: string]: JsonLike };

/** Who waits for the outcome. */
export interface Requester {
  readonly client: ClientInfo;
  /** The request's subject, for the audit. */
  readonly subject: string;
  /** "" when nobody waits. */
  readonly reply: string;
}

/** A stream as the meta log has it. Frozen: it is shared by all servers. */
export interface StreamSpec extends Requester {
  readonly account: string;
  readonly config: StreamConfig;
  readonly created: StoredTime;
  readonly group: GroupSpec;
  /** Whoever is to lead it first waits for what it holds. */
  readonly isRestored?: boolean;
}

/** A consumer as the meta log has it. Frozen. */
export interface ConsumerSpec extends Requester {
  readonly account: string;
  readonly stream: string;
  readonly name: string;
  readonly config: ConsumerConfig;
  readonly created: StoredTime;
  readonly group: GroupSpec;
  /** What it begins with: it came back with its stream. */
  readonly state?: ConsumerStore;
}

/** A stream as one server knows it. */
export interface StreamAssignment {
  readonly account: string;
  readonly name: string;
  /** The newest that was committed. */
  spec: StreamSpec;
  readonly consumers: Map<string, ConsumerAssignment>;
  /** The requester has its answer: nobody answers it again. */
  responded: boolean;
  /** Who restores it was told here where to send chunks; what follows is only counted. */
  isTold?: boolean;
  /** This server could not take it up. */
  failed: boolean;
}

/** A consumer as one server knows it. */
export interface ConsumerAssignment {
  readonly account: string;
  readonly stream: string;
  readonly name: string;
  spec: ConsumerSpec;
  responded: boolean;
  failed: boolean;
}

/** What is gone, and who asked for that. */
export interface Removal extends Requester {
  readonly account: string;
  readonly stream: string;
  /** Null: the stream itself. */
  readonly consumer: string | null;
  /** Of the assignment that is meant: a newer one of the same name stays. */
  readonly created: StoredTime;
}

/** An entry of the meta log: the data of one proposal. */
export type MetaEntry =
  | { readonly op: "assign-stream"; readonly spec: StreamSpec }
  | { readonly op: "update-stream"; readonly spec: StreamSpec }
  | { readonly op: "assign-consumer"; readonly spec: ConsumerSpec }
  | { readonly op: "remove"; readonly removal: Removal };

/** What an entry is about; `consumer` is null when it is the stream itself. */
export interface AssetName {
  readonly account: string;
  readonly stream: string;
  readonly consumer: string | null;
}

export function assetOf(entry: MetaEntry): AssetName {
  switch (entry.op) {
    case "assign-stream":
    case "update-stream": {
      const { account, config } = entry.spec;
      return { account, stream: config.name, consumer: null };
    }
    case "assign-consumer": {
      const { account, stream, name } = entry.spec;
      return { account, stream, consumer: name };
    }
    case "remove":
      return entry.removal;
    default:
      return unreachable(entry);
  }
}

/** A snapshot of the meta log. */
export interface MetaSnapshot {
  readonly streams: readonly StreamSnapshot[];
}

export interface StreamSnapshot {
  readonly spec: StreamSpec;
  readonly consumers: readonly ConsumerSpec[];
}
