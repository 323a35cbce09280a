/** Snapshots and restores that are under way: plain data of the process, gone when it is killed. */
import type {
  ApiErrorBody,
  ConsumerConfig,
  ConsumerStore,
  StreamConfig,
} from "../../jetstream/index.ts";
import type { StoredTime } from "../../kernel/index.ts";
import { emptyBytes } from "../../protocol/index.ts";
import type { ApiReply } from "../api/reply.ts";

export interface Backups {
  lastId: number;
  readonly snapshots: Map<number, Snapshot>;
  readonly restores: Map<number, Restore>;
}

/** A request, and what its answer needs. */
export type BackupRequest = Omit<ApiReply, "body" | "isError" | "isQuiet">;

/** A stream on its way to whoever wants to keep it. Source: nats-server `streamSnapshot`. */
export interface Snapshot {
  readonly id: number;
  readonly stream: string;
  readonly request: BackupRequest;
  readonly deliver: string;
  readonly hasConsumers: boolean;
  /** Bytes of a chunk. */
  readonly chunkSize: number;
  readonly started: StoredTime;
  phase: "asked" | "waiting" | "sending";
  /** Chunks that may be sent before another is acknowledged. */
  slots: number;
  /** The number of the next chunk. */
  next: number;
  ackSubject: string;
  ackSub: number | null;
  /** What it will hold: messages up to `seqLast`; those below `seqNext` are in it. */
  seqNext: number;
  seqLast: number;
  /** Entries that are not compressed yet, and bytes that are not sent yet. */
  entries: Uint8Array;
  ready: Uint8Array;
  isWhole: boolean;
}

/** A stream on its way back. Source: nats-server `processStreamRestore`, `RestoreStreamV2`. */
export interface Restore {
  readonly id: number;
  readonly stream: string;
  readonly request: BackupRequest;
  readonly config: StreamConfig;
  started: StoredTime;
  phase: "asked" | "state" | "consumers" | "messages" | "done";
  sub: number | null;
  /** Bytes that came. */
  total: number;
  /** Compressed bytes of a chunk that is not whole yet. */
  input: Uint8Array;
  isBegun: boolean;
  /** A server before 2.15 made it: it is read once it is whole. */
  isLegacy: boolean;
  /** When the stream was made, where the snapshot says so. */
  created: StoredTime | null;
  /** Bytes of an entry that is not whole yet. */
  plain: Uint8Array;
  firstSeq: number;
  lastSeq: number;
  /** The last sequence that is in place. */
  seq: number;
  consumersLeft: number;
  /** They begin when all messages are there. */
  readonly consumers: RestoredConsumer[];
  failure: ApiErrorBody | null;
  /** In a cluster; null on a server that stands alone. */
  readonly assigned: AssignedRestore | null;
}

/** What the meta group has said of a stream that is restored. */
export interface AssignedRestore {
  readonly created: StoredTime;
  /** Its Raft group; null when it has one replica. */
  readonly group: string | null;
  /** The stream is there: its consumers are asked for until all are assigned. */
  isPlaced: boolean;
}

export type NewRestore = Pick<Restore, "request" | "config" | "assigned">;

/** A restore that is to begin. */
export function addRestore(
  backups: Backups,
  { request, config, assigned }: NewRestore,
  started: StoredTime,
): Restore {
  backups.lastId += 1;
  const restore: Restore = {
    id: backups.lastId,
    stream: config.name,
    request,
    config,
    assigned,
    started,
    phase: "asked",
    sub: null,
    total: 0,
    input: emptyBytes,
    isBegun: false,
    isLegacy: false,
    created: null,
    plain: emptyBytes,
    firstSeq: 0,
    lastSeq: 0,
    seq: 0,
    consumersLeft: 0,
    consumers: [],
    failure: null,
  };
  backups.restores.set(restore.id, restore);
  return restore;
}

export interface RestoredConsumer {
  readonly name: string;
  readonly config: ConsumerConfig;
  readonly store: ConsumerStore;
}

/** What is due next for a snapshot or a restore. */
export interface BackupTimer {
  readonly kind: "backup";
  readonly id: number;
  readonly step: "begin" | "interest" | "ack" | "stall" | "assign";
}

/** The snapshots and restores of a server. */
export function backupsOf(js: { backups?: Backups }): Backups {
  js.backups ??= { lastId: 0, snapshots: new Map(), restores: new Map() };
  return js.backups;
}

export function backupTimerName(id: number, step: BackupTimer["step"]): string {
  return `backup/${id}/${step}`;
}
