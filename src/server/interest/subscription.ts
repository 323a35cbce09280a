/** The shape of an account's subject index. Plain data. */
import type { Cell } from "../../kernel/index.ts";
import type { Transform } from "../../protocol/index.ts";
import type { InternalTarget } from "../internal.ts";

/** Plain data. The numbers in the tree are keys of `subs`, the one owner of each subscription. */
export interface Interest {
  readonly subs: Map<number, Subscription>;
  readonly root: Cell<InterestNode>;
  /** Who wants to know when interest in a literal subject comes or goes. */
  readonly watches: Map<string, InterestWatch[]>;
  lastId: number;
}

/** One token deep: what is subscribed exactly here, and the tokens that go on. */
export interface InterestNode {
  /** Null where nobody is, as on most nodes. */
  plain: Set<number> | null;
  queues: Map<string, Set<number>> | null;
  literals: Map<string, InterestNode> | null;
  star: InterestNode | null;
  arrow: InterestNode | null;
}

export interface Subscription {
  readonly id: number;
  readonly subject: string;
  readonly queue: string | null;
  /** The client's connection and its name for this; null and "" for an internal subscriber. */
  readonly conn: number | null;
  readonly sid: string;
  readonly target: InternalTarget | null;
  /** Set when this stands for a subscription of another account, which imports the subject. */
  readonly shadow: ShadowOf | null;
  /**
   * The server that has the subscribers; undefined, which no hash counts, for one of this server.
   */
  readonly remote: RemoteInterest | undefined;
  /** Messages after which it ends; 0 for never. */
  max: number;
  delivered: number;
}

/** Interest at the other end of a route. */
export interface RemoteInterest {
  readonly conn: number;
  /** Members of the queue group there; 1 for plain interest. */
  readonly weight: number;
}

/** The subscription that a shadow stands for. */
export interface ShadowOf {
  readonly account: string;
  readonly id: number;
  /** From the subject of the export to that of the import; null when they are the same. */
  readonly transform: Transform | null;
}

export interface InterestWatch {
  readonly target: InternalTarget;
  readonly queue: string | null;
  present: boolean;
}

export interface Matches {
  readonly plain: readonly Subscription[];
  /** One list of members a queue group. */
  readonly queues: readonly (readonly Subscription[])[];
}

export type NewSubscription = Omit<
  Subscription,
  "id" | "max" | "delivered" | "shadow" | "remote"
> & {
  readonly shadow?: ShadowOf;
  readonly remote?: RemoteInterest;
};
