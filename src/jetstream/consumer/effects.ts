/** What a consumer wants the server to do, in the order in which it must happen. */
import type { StreamSeq, VirtualNanos } from "../../kernel/index.ts";
import type { ConsumerEntry } from "./store.ts";

/** The timers of a consumer; a name replaces the one set before. */
export type ConsumerTimer =
  | "ack-wait"
  | "waiting"
  | "heartbeat"
  | "inactive"
  | "unpause"
  | "pin"
  | "deliver"
  | "held";

/** One message of the stream, sent under its own subject to whoever subscribes to `to`. */
export interface DeliverEffect {
  readonly kind: "deliver";
  readonly to: string;
  /** The ack reply subject. */
  readonly reply: string;
  readonly seq: StreamSeq;
  /** How often it has been delivered, this time included. */
  readonly deliveries: number;
  /** Sent as `Nats-Pin-Id` when not null. */
  readonly pin: string | null;
}

/** A message without payload whose header block is a status line and a few headers. */
export interface StatusEffect {
  readonly kind: "status";
  readonly to: string;
  readonly code: number;
  readonly description: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly reply: string | null;
}

/** The subject, type and own fields of an advisory; the server adds id, time and names. */
export type ConsumerAdvisory =
  | { readonly kind: "max-deliveries"; readonly stream_seq: number; readonly deliveries: number }
  | {
      readonly kind: "nak";
      readonly consumer_seq: number;
      readonly stream_seq: number;
      readonly deliveries: number;
    }
  | {
      readonly kind: "terminated";
      readonly consumer_seq: number;
      readonly stream_seq: number;
      readonly deliveries: number;
      readonly reason: string;
    }
  | {
      readonly kind: "ack-metric";
      readonly consumer_seq: number;
      readonly stream_seq: number;
      /** Nanoseconds between delivery and acknowledgement. */
      readonly ack_time: number;
      readonly deliveries: number;
    }
  | { readonly kind: "pause"; readonly paused: boolean; readonly pause_until: string | null }
  | { readonly kind: "pinned"; readonly group: string; readonly pinned_id: string }
  | { readonly kind: "unpinned"; readonly group: string; readonly reason: "admin" | "timeout" };

export type ConsumerEffect =
  | DeliverEffect
  | StatusEffect
  /** The empty answer to an ack that asked for one. */
  | { readonly kind: "ack-reply"; readonly to: string }
  | { readonly kind: "advisory"; readonly advisory: ConsumerAdvisory }
  | { readonly kind: "set-timer"; readonly name: ConsumerTimer; readonly at: VirtualNanos }
  | { readonly kind: "clear-timer"; readonly name: ConsumerTimer }
  /** This consumer needs the message no more: the stream may be able to remove it. */
  | { readonly kind: "released"; readonly seq: StreamSeq }
  /** Any message from this sequence on may have lost the last consumer that needed it. */
  | { readonly kind: "review"; readonly from: StreamSeq }
  /** What a replicated consumer proposes to its group; comes back through `applyConsumerEntry`. */
  | { readonly kind: "propose"; readonly entry: ConsumerEntry }
  /** The durable state changed by about so many bytes. */
  | { readonly kind: "saved"; readonly bytes: number }
  /** A reset that waited for its group is done. */
  | { readonly kind: "reset-done"; readonly reply: string; readonly seq: StreamSeq }
  /** Nobody used it for longer than the inactive threshold: delete it. */
  | { readonly kind: "inactive" };
