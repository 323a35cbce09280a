/** What happens to a consumer. */
import type { StoredTime, StreamSeq, VirtualNanos } from "../../kernel/index.ts";
import type { PurgedEffect, StreamState } from "../stream/stream-shape.ts";
import type { ConsumerConfig } from "./config/config-shape.ts";
import type { ConsumerTimer } from "./effects.ts";
import type { Requester } from "./state.ts";

export type ConsumerInput =
  /** Something came in on an ack subject of this consumer; headers are already cut off. */
  | {
      readonly kind: "ack";
      readonly subject: string;
      readonly reply: string | null;
      readonly payload: Uint8Array;
    }
  /** A request on `$JS.API.CONSUMER.MSG.NEXT`; those of a run are served after the last one. */
  | {
      readonly kind: "pull";
      readonly reply: string;
      readonly payload: Uint8Array;
      readonly run: "alone" | "more" | "last";
    }
  /** An answer to a flow control request; the headers matter to ack policy `flow_control`. */
  | { readonly kind: "flow"; readonly subject: string; readonly headers: Uint8Array | null }
  /** The stream stored a message whose subject this consumer's filters match. */
  | { readonly kind: "stored"; readonly seq: StreamSeq }
  /** The stream removed one message whose subject this consumer's filters match. */
  | { readonly kind: "removed"; readonly seq: StreamSeq; readonly subject: string }
  /** The stream removed many messages at once, other than by a purge. */
  | { readonly kind: "removed-many" }
  /** The stream was purged of what matches `filter` (empty: everything); see `PurgedEffect`. */
  | ({ readonly kind: "purged" } & Pick<PurgedEffect, "filter" | "removed" | "only">)
  /** The delivery of a message reached nobody. */
  | { readonly kind: "undelivered"; readonly seq: StreamSeq; readonly to: string }
  /** Interest in the deliver subject came or went. */
  | { readonly kind: "interest" }
  | { readonly kind: "timer"; readonly name: ConsumerTimer }
  /** A configuration that `checkConsumerUpdate` let through. */
  | { readonly kind: "config"; readonly config: ConsumerConfig }
  | { readonly kind: "unpin"; readonly group: string }
  /** Begin anew at a sequence that `checkReset` gave out. */
  | { readonly kind: "reset"; readonly seq: StreamSeq; readonly reply: string | null };

/** What a step reads of the world around it: the stream, clocks, interest, randomness. */
export interface ConsumerScene {
  readonly stream: StreamState;
  /** Steady time; deadlines of requests and timers are counted in it. */
  readonly now: VirtualNanos;
  /** The host's wall clock; ack wait is counted in it, because it must survive a restart. */
  readonly wall: StoredTime;
  /** Whether any subscription, wildcards and queues included, matches. */
  hasInterest(subject: string): boolean;
  /** Who waits behind a reply subject that leads to another account; null when it leads nowhere. */
  requesterOf(reply: string): Requester | null;
  hasRequester(requester: Requester): boolean;
  /** Whether someone subscribed to exactly this subject, in this queue group when not empty. */
  hasListener(subject: string, group: string): boolean;
  /** An integer in [0, below). */
  draw(below: number): number;
  /** A fresh unique id of 22 letters. */
  nuid(): string;
}
