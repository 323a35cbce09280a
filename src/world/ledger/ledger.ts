/**
 * The ledger: which promises were made (a PubAck that its publisher received), and which were
 * kept. Checkpointed and hashed; it reads only what the taps and the servers report.
 */
import type { SeqSet, VirtualNanos } from "../../kernel/index.ts";

/** A promise that was broken, with its evidence. */
export interface Break {
  readonly promise: "stored";
  readonly at: VirtualNanos;
  readonly stream: string;
  readonly seq: number;
  readonly why: string;
}

export interface StreamLedger {
  /** Acknowledged to a publisher, and not gone for a reason that NATS names. */
  readonly acked: SeqSet;
  /** Sequences found missing without a reason. */
  readonly broken: SeqSet;
}

export interface ConsumerLedger {
  /** Stream sequences that reached a client. */
  readonly delivered: SeqSet;
  highest: number;
}

export interface Ledger {
  made: number;
  broken: number;
  doubled: number;
  refused: number;
  reordered: number;
  effects: number;
  readonly streams: Map<string, StreamLedger>;
  readonly consumers: Map<string, ConsumerLedger>;
  readonly breaks: Break[];
}
