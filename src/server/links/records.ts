/** What links between servers carry: records, each with the size its bytes would have had. */
import type { Message } from "../../protocol/index.ts";
import type { ClientInfo } from "../cluster/assignments.ts";
import type { PeerMessage } from "./peer-message.ts";

/** Who a server is; the first record of each side. Source: nats-server `Info`. */
interface InfoRecord {
  readonly kind: "info";
  readonly id: string;
  readonly name: string;
  readonly cluster: string;
  /** Where it listens for routes. */
  readonly host: string;
  readonly port: number;
  readonly clientUrls: readonly string[];
  readonly websocketUrls: readonly string[];
  readonly jetstream: boolean;
  /** It is about to end: its clients' URLs are not to be advertised any more. */
  readonly isLameDuck: boolean;
}

/** Interest of the sender's own subscribers. Source: `RS+`, and `RS-` where the weight is 0. */
interface SubRecord {
  readonly kind: "sub";
  readonly account: string;
  readonly subject: string;
  readonly queue: string | null;
  /** Members of the queue group; 1 for plain interest. */
  readonly weight: number;
}

/** A message for subscribers at the other server. Source: `RMSG`. */
interface MsgRecord {
  readonly kind: "msg";
  readonly account: string;
  /** The subject by which it is routed: the message's own, or where a delivery goes. */
  readonly subject: string;
  /** The groups of which one member each is to get it. */
  readonly queues: readonly string[];
  /** Plain subscribers are to get it. */
  readonly isPlain: boolean;
  readonly message: Message;
  /** Who published a request to the JetStream API; null for all else. */
  readonly client: ClientInfo | null;
}

interface PeerRecord {
  readonly kind: "peer";
  readonly message: PeerMessage;
}

/** A value: it is never changed, and both servers may hold it. */
export type LinkRecord =
  | InfoRecord
  | { readonly kind: "ping" }
  | { readonly kind: "pong" }
  | SubRecord
  | MsgRecord
  | PeerRecord;

export type RecordOf<K extends LinkRecord["kind"]> = Extract<LinkRecord, { readonly kind: K }>;

/** A record on its way. */
export interface SentRecord {
  readonly record: LinkRecord;
  /** What its bytes would have been on the wire. */
  readonly bytes: number;
}
