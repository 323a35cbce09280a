/** Subscribers inside the server: they are named by data, and called through one table. */
import type { Message } from "../protocol/index.ts";
import type { ClientInfo } from "./cluster/assignments.ts";
import type { MessageTrace, TraceEvent } from "./interest/message-trace.ts";

/** Who is called when a message matches an internal subscription, or a watched interest changes. */
export type InternalTarget =
  /** A `$JS.API` request. */
  | { readonly kind: "api" }
  /** A message for a stream, on one of its subjects. */
  | { readonly kind: "stream"; readonly stream: string }
  /** A direct get: a request that a stream answers itself, past the API. */
  | { readonly kind: "direct-get"; readonly stream: string }
  /** What a stream copies: a message of one of its origins, or an answer about it. */
  | {
      readonly kind: "origin";
      readonly stream: string;
      readonly origin: string;
      readonly isAnswer: boolean;
    }
  /** An acknowledgement on `$JS.ACK.…`. */
  | { readonly kind: "ack"; readonly stream: string; readonly consumer: string }
  /** The answer of a push subscriber to a flow-control request. */
  | { readonly kind: "flow-control"; readonly stream: string; readonly consumer: string }
  /** Interest in a push consumer's deliver subject came or went. */
  | { readonly kind: "push-interest"; readonly stream: string; readonly consumer: string }
  /** A pull request on `$JS.API.CONSUMER.MSG.NEXT.…`. */
  | { readonly kind: "next"; readonly stream: string; readonly consumer: string }
  /** A request on `$JS.API.CONSUMER.RESET.…`, which a consumer answers itself, past the API. */
  | { readonly kind: "reset"; readonly stream: string; readonly consumer: string }
  /** Whoever receives a snapshot has taken a chunk, on `$JS.SNAPSHOT.ACK.…`. */
  | { readonly kind: "snapshot-ack"; readonly id: number }
  /** Whoever receives a snapshot came or went. */
  | { readonly kind: "snapshot-interest"; readonly id: number }
  /** A chunk of a stream that is restored, on `$JS.SNAPSHOT.RESTORE.…`. */
  | { readonly kind: "restore"; readonly id: number }
  /** `$SYS.REQ.…`. */
  | { readonly kind: "system" }
  /** A service of another account, by its place in `services`; followed at once, without mail. */
  | { readonly kind: "service-import"; readonly index: number }
  /** An answer to another account's request, on `_R_.>`; followed at once, without mail. */
  | { readonly kind: "service-response" }
  /** Nobody: a measurement of a service goes out. */
  | { readonly kind: "metric" }
  /** Nobody: the report of a message's way goes out. */
  | { readonly kind: "trace" };

export type InternalKind = InternalTarget["kind"];

/** What waits in `server.inbox`. The bytes of `message` are valid until the inbox is drained. */
export type InternalEvent = MessageArrived | InterestChanged | TraceFinished | MetricMade;

export interface MessageArrived {
  readonly kind: "message";
  readonly target: InternalTarget;
  readonly account: string;
  /** The subject that was matched: `message.subject`, or where a delivery was routed to. */
  readonly subject: string;
  readonly message: Message;
  /** The client that published it; null when this server did. */
  readonly conn: number | null;
  /** The client that published it at another server, where that says who it was. */
  readonly client: ClientInfo | null;
  /** The step of a traced message that a stream completes. */
  readonly step: TraceEvent | null;
}

/** What was measured of a service, to be published where its export says. */
export interface MetricMade {
  readonly kind: "metric";
  readonly target: InternalTarget;
  readonly account: string;
  readonly subject: string;
  readonly body: string;
}

export interface TraceFinished {
  readonly kind: "trace";
  readonly target: InternalTarget;
  readonly trace: MessageTrace;
}

export interface InterestChanged {
  readonly kind: "interest";
  readonly target: InternalTarget;
  readonly account: string;
  readonly subject: string;
  readonly present: boolean;
}
