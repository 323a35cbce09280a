/** Workload actors as the world keeps them; what they do is in `clients/actors`. */
import type { DurationNanos, VirtualNanos } from "../kernel/index.ts";

/** What an actor can be told. */
export type ActorInput =
  | { readonly kind: "start" }
  | { readonly kind: "connected"; readonly conn: number }
  | { readonly kind: "refused"; readonly conn: number; readonly reason: string }
  | { readonly kind: "bytes"; readonly conn: number; readonly bytes: Uint8Array }
  | { readonly kind: "closed"; readonly conn: number; readonly reason: string }
  | { readonly kind: "timer"; readonly name: string; readonly detail: number };

/** What `load publisher` was asked to do. Times in nanoseconds, sizes in bytes. */
export interface PublisherPlan {
  readonly role: "publisher";
  readonly subject: string;
  /** Time between two publishes. */
  readonly period: DurationNanos;
  readonly size: number;
  readonly count: number | null;
  readonly until: VirtualNanos | null;
  readonly msgId: boolean;
  readonly retry: boolean;
}

/** What `load worker` was asked to do. Chances are integers out of 2^32. */
export interface WorkerPlan {
  readonly role: "worker";
  readonly stream: string;
  readonly consumer: string;
  readonly batch: number;
  readonly work: DurationNanos;
  readonly ack: "explicit" | "double" | "none";
  readonly nakChance: number;
  readonly termChance: number;
  readonly forgetChance: number;
}

export type ActorPlan = PublisherPlan | WorkerPlan;

/** Counters of `state().actors` (design.md 9). */
export interface ActorCounters {
  sent: number;
  acked: number;
  received: number;
  processed: number;
  unique: number;
  nacked: number;
  redelivered: number;
  refused: number;
  timeouts: number;
  /** By code (`10077`, `503`), how many. */
  readonly errors: Map<string, number>;
  /** Sequence of the last PubAck; 0 before the first. */
  lastPubAck: number;
}

/** One actor. `memory` belongs to the behaviour in `clients/actors`; plain data. */
export interface ActorRecord {
  readonly name: string;
  readonly host: string;
  readonly server: string;
  readonly plan: ActorPlan;
  readonly counters: ActorCounters;
  /** Extra one-way delay of its connection; null takes the link's. */
  readonly latency: DurationNanos | null;
  status: "running" | "stopped";
  conn: number | null;
  memory: object | null;
}

export function createActorCounters(): ActorCounters {
  return {
    sent: 0,
    acked: 0,
    received: 0,
    processed: 0,
    unique: 0,
    nacked: 0,
    redelivered: 0,
    refused: 0,
    timeouts: 0,
    errors: new Map(),
    lastPubAck: 0,
  };
}
