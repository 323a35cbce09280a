/** The plain data of one consumer on its leader, and how it comes into being. */
import type {
  ConsumerSeq,
  DurationNanos,
  Log,
  StoredTime,
  StreamSeq,
  Table,
  VirtualNanos,
} from "../../kernel/index.ts";
import type { ConsumerConfig } from "./config/config-shape.ts";
import type { ConsumerTimer, DeliverEffect } from "./effects.ts";
import type { ConsumerStore } from "./store.ts";

/** A delivered message that waits for its ack. */
export interface PendingAck {
  /** The consumer sequence of its first delivery. */
  readonly consumerSeq: ConsumerSeq;
  /** Wall time, in nanoseconds of `virtualAt`, from which ack wait is counted. */
  readonly at: number;
  /** Its key in `deadlines`. */
  readonly due: number;
}

/** The part of a pull request that is about priority groups. */
export interface PriorityRequest {
  readonly group: string;
  readonly minPending: number;
  readonly minAckPending: number;
  readonly id: string;
  readonly priority: number;
}

/** A subject in another account. */
export interface Requester {
  readonly account: string;
  readonly subject: string;
}

/** A pull request in the waiting queue. */
export interface WaitingRequest {
  readonly reply: string;
  /** Messages still to come. */
  readonly left: number;
  readonly delivered: number;
  /** What is left of `max_bytes`; 0 when it had none. */
  readonly bytesLeft: number;
  readonly expires: VirtualNanos | null;
  readonly received: VirtualNanos;
  readonly heartbeat: DurationNanos;
  readonly heartbeatAt: VirtualNanos | null;
  readonly noWait: boolean;
  /** Null when the request was not JSON. */
  readonly group: PriorityRequest | null;
  /** Undefined, which no hash counts, when it came from the stream's own account. */
  readonly requester: Requester | undefined;
}

/** First in, first served; a request that wants more goes back to the end of its rank. */
export interface WaitingQueue {
  readonly requests: Table<number, WaitingRequest>;
  ticket: number;
  /** How many of them are `no_wait`. */
  noWait: number;
  /** No request expires or needs a heartbeat before this; null when none ever does. */
  due: VirtualNanos | null;
  /** Last activity, for the inactive threshold. */
  active: VirtualNanos;
  /** When the server would have looked through the queue last, and when we did. */
  checked: VirtualNanos;
  scanned: VirtualNanos;
}

/** `deliver_policy: last_per_subject`: what was last when the consumer was made, ascending. */
export interface SkipList {
  readonly seqs: Log<StreamSeq>;
  /** Index of the next one to deliver. */
  at: number;
  readonly resume: StreamSeq;
}

/** Flow control of a push consumer. */
export interface FlowWindow {
  /** Bytes sent and not yet answered for. */
  outstanding: number;
  /** The window; 0 when there is no flow control. */
  limit: number;
  /** The subject whose answer is awaited, empty when none is. */
  awaited: string;
  /** Bytes that the awaited answer will cover. */
  asked: number;
}

/** A token bucket over delivered bytes. */
export interface RateLimit {
  /** Bytes a second. */
  readonly rate: number;
  readonly burst: number;
  tokens: number;
  at: VirtualNanos;
}

/** A delivery that has everything but permission to go. */
export interface HeldDelivery {
  readonly effect: DeliverEffect;
  readonly time: StoredTime;
  /** Bytes of headers and payload, and with subject and ack subject. */
  readonly body: number;
  readonly size: number;
  /** What the pull request had left after it. */
  readonly left: number;
  readonly bytesLeft: number;
  /** Whether the rate limit has been asked already. */
  readonly paid: boolean;
}

/**
 * One timer. A later wish does not set it again: when it fires early it is set anew, so that a busy
 * consumer does not touch its timers with every message.
 */
export interface TimerWish {
  armed: VirtualNanos | null;
  wanted: VirtualNanos | null;
}

/** What only a replicated consumer needs while its group agrees. */
export interface ReplicatedState {
  /** Deliveries that wait for quorum, by stream sequence. */
  readonly deliveries: Table<StreamSeq, DeliverEffect>;
  /** For a reply subject: its last such delivery, and the 408 to send after it. */
  readonly lastDeliveries: Table<string, LastDelivery>;
  readonly ackReplies: Table<StreamSeq, string>;
  /** On followers: reply subjects of requests that wait at the leader. */
  readonly requests: Table<string, true>;
}

export interface LastDelivery {
  readonly seq: StreamSeq;
  /** What a `408 Request Timeout` sent after it will say; null while there is none to send. */
  readonly timeout: { readonly messages: number; readonly bytes: number } | null;
}

/**
 * One consumer. Written only by `stepConsumer`, `applyConsumerEntry` and their parts.
 * Names in comments are those of nats-server `server/consumer.go` `consumer`.
 */
export interface ConsumerState {
  config: ConsumerConfig;
  readonly stream: string;
  readonly name: string;
  readonly created: StoredTime;
  filters: readonly string[];
  readonly maxPayload: number;
  /** `$JS.ACK.<stream>.<consumer>.`, or that of the second format. */
  readonly ackPrefix: string;
  readonly store: ConsumerStore | null;
  /** Whether this server delivers; false on followers. */
  leader: boolean;
  readonly replicated: ReplicatedState | null;

  /** Stream sequence to look at next (`sseq`). */
  seqNext: StreamSeq;
  /** Consumer sequence of the next delivery (`dseq`). */
  deliveryNext: ConsumerSeq;
  floorConsumer: ConsumerSeq;
  floorStream: StreamSeq;
  /** Messages not delivered yet (`npc`); may dip below 0 between two events. */
  unseen: number;
  /** The last stream sequence that `unseen` has counted (`npf`). */
  unseenUpTo: StreamSeq;
  skip: SkipList | null;

  pending: Table<StreamSeq, PendingAck>;
  /** Pending messages by when their ack wait ends, in steady time. */
  deadlines: Table<number, StreamSeq>;
  /** The key given last, and how many before it were given in one run: see `freeDeadline`. */
  deadlineLast: number;
  deadlineRun: number;
  /** Wall minus steady time when `deadlines` was made; a jump of the clock makes it stale. */
  wallOffset: number;
  /** Redelivery queue in order, and the place of each sequence in it (`rdq`, `rdqi`). */
  again: Table<number, StreamSeq>;
  againPlaces: Table<StreamSeq, number>;
  againTicket: number;
  /** Deliveries after the first (`rdc`). */
  redelivered: Table<StreamSeq, number>;

  readonly waiting: WaitingQueue;
  /** Push: whether someone listens on the deliver subject. */
  active: boolean;
  /** Push: the deliver subject changed, and who listens there is still to be seen. */
  moved: boolean;
  readonly flow: FlowWindow;
  rate: RateLimit | null;
  /** A message on its way out that replay speed or rate limit holds back; nothing overtakes it. */
  held: HeldDelivery | null;
  /** Replay original: delivery is paced until past this one. Null: as fast as it goes. */
  replayUpTo: StreamSeq | null;
  /** When the message delivered before was stored; kept only while replaying. */
  replayLast: StoredTime | null;

  /** How often an idle push consumer says so; 0 for never. */
  heartbeat: DurationNanos;
  /** Inactive threshold with its jitter; 0 for none (`dthresh`). */
  inactiveAfter: DurationNanos;
  pinId: string;
  pinnedAt: StoredTime | null;
  /** The group whose request was pinned; only the first group's pin is shown. */
  pinnedGroup: string;
  /** Percent of acks that are measured. */
  sampling: number;
  lastDelivered: StoredTime | null;
  lastAcked: StoredTime | null;
  /** Bytes of durable state written since the last step ended. */
  unsaved: number;
  readonly timers: Readonly<Record<ConsumerTimer, TimerWish>>;
}
