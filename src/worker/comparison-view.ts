/** Two branches side by side at one instant, as the page shows them. Part of `api.ts`. */
import type { GroupView, LedgerView, ServerView, StreamView } from "./frames.ts";

export interface CompareRequest {
  readonly left: number;
  readonly right: number;
  readonly at: number;
  /** How many slots a tape has room for. */
  readonly slots: number;
}

export interface ComparisonView {
  /** The instant, or the newest that both have reached. */
  readonly at: number;
  /** The last moment that both share. */
  readonly parted: number;
  /** The two worlds are the same to the last bit. */
  readonly same: boolean;
  readonly left: ComparedView;
  readonly right: ComparedView;
  readonly differences: readonly DifferenceView[];
}

export interface ComparedView {
  readonly id: number;
  readonly name: string;
  /** What was done here and not there, since they parted. */
  readonly inputs: readonly { readonly at: number; readonly text: string }[];
  readonly servers: readonly ServerView[];
  readonly streams: readonly StreamView[];
  readonly groups: readonly GroupView[];
  readonly ledger: LedgerView;
}

export interface DifferenceView {
  /** In our words. */
  readonly label: string;
  /** The name that NATS or the state object has for it. */
  readonly name: string;
  readonly left: string;
  readonly right: string;
  /** One of the first things to look at; the rest is detail. */
  readonly isMain: boolean;
}
