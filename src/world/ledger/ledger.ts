/**
 * The ledger: which promises were made (a PubAck that its publisher received), and which were
 * kept. Checkpointed and hashed; it reads only what the taps and the servers report.
 */
import { createSeqSet, type SeqSet, type VirtualNanos } from "../../kernel/index.ts";
import type { RaftHistory } from "../../raft/index.ts";
import type { World } from "../world.ts";

/** A promise that was broken, with its evidence. */
export interface Break {
  readonly promise: "stored";
  readonly at: VirtualNanos;
  readonly stream: string;
  readonly seq: number;
  readonly why: string;
}

export interface StreamLedger {
  /** Acknowledged to a publisher, and there when last looked for. */
  readonly acked: SeqSet;
  /** Gone in a crash; an acknowledgement that is still under way is a promise broken already. */
  readonly lost: SeqSet;
  /** Of a replicated stream: its group, and what happened to its replicas lately. */
  group?: string;
  crashes?: string[];
}

/** One Raft group under audit. */
export interface GroupLedger {
  readonly history: RaftHistory;
  /** A member lost what it had written: only two leaders of one term are held against it. */
  isForgiven: boolean;
}

export interface RaftLedger {
  violations: number;
  readonly groups: Map<string, GroupLedger>;
  /** The first of them, in order. */
  readonly breaks: { readonly at: VirtualNanos; readonly text: string }[];
}

export interface ConsumerLedger {
  /** Stream sequences that reached a client. */
  readonly delivered: SeqSet;
  /** The highest of them. */
  highest: number;
}

export interface Ledger {
  made: number;
  broken: number;
  doubled: number;
  refused: number;
  reordered: number;
  readonly streams: Map<string, StreamLedger>;
  /** By `STREAM/consumer`. */
  readonly consumers: Map<string, ConsumerLedger>;
  /** The first breaks, in order; the counter goes on beyond them. */
  readonly breaks: Break[];
  /** Since the first Raft group. */
  raft?: RaftLedger;
}

const breaksKept = 100;

export function createLedger(): Ledger {
  return {
    made: 0,
    broken: 0,
    doubled: 0,
    refused: 0,
    reordered: 0,
    streams: new Map(),
    consumers: new Map(),
    breaks: [],
  };
}

export function streamLedger(ledger: Ledger, stream: string): StreamLedger {
  const known = ledger.streams.get(stream);
  if (known !== undefined) return known;
  const fresh = { acked: createSeqSet(), lost: createSeqSet() };
  ledger.streams.set(stream, fresh);
  return fresh;
}

export function consumerLedger(ledger: Ledger, name: string): ConsumerLedger {
  const known = ledger.consumers.get(name);
  if (known !== undefined) return known;
  const fresh = { delivered: createSeqSet(), highest: 0 };
  ledger.consumers.set(name, fresh);
  return fresh;
}

/** The book of Raft groups; made with the first of them. */
export function raftLedger(ledger: Ledger): RaftLedger {
  ledger.raft ??= { violations: 0, groups: new Map(), breaks: [] };
  return ledger.raft;
}

/** The account of promises as `state().ledger` shows it. */
export function ledgerView({ ledger, actors }: World): Readonly<Record<string, unknown>> {
  // An effect is a message that a worker has processed, as often as it did.
  let effects = 0;
  for (const actor of actors.values()) effects += actor.counters.processed;
  return {
    made: ledger.made,
    kept: ledger.made - ledger.broken,
    broken: ledger.broken,
    doubled: ledger.doubled,
    refused: ledger.refused,
    reordered: ledger.reordered,
    effects,
    raft_violations: ledger.raft?.violations ?? 0,
    // No auditor of key histories yet: nothing was found because nothing looks.
    kv_violations: 0,
    breaks: ledger.breaks,
    raft_breaks: ledger.raft?.breaks ?? [],
  };
}

/** Books a broken promise with its evidence. */
export function breakPromise(ledger: Ledger, broken: Break): void {
  ledger.broken++;
  if (ledger.breaks.length < breaksKept) ledger.breaks.push(broken);
}
