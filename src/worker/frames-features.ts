/**
 * What the picture shows beyond tapes, lanes and seats: how messages leave, copies between streams,
 * priority groups, buckets. Flat data as in `frames.ts`; only worlds that use these have any of it.
 */

/** Ids: `marks:ORDERS`, `lane:ORDERS/W`, `bucket:KV_config`, `copy:COPY/0`. */
export type FeatureView = TapeMarksView | LaneMarksView | KvView | ObjectsView | CopyView;

/** Beside the slots of one tape. */
export interface TapeMarksView {
  readonly kind: "tape";
  readonly id: string;
  /** Id of the stream. */
  readonly stream: string;
  /** Consumers that have to let go of a message before it leaves; empty when none is asked. */
  readonly holders: readonly string[];
  /** Only slots about which there is something to say. */
  readonly slots: readonly SlotMarkView[];
  readonly left: readonly LeftView[];
  /** What makes the oldest message fall off with the next one; empty when nothing does. */
  readonly edge: string;
  readonly notes: readonly NoteView[];
  /** How an origin answers that is nowhere in the picture; null when it has none. */
  readonly inlet: CopyView["state"] | null;
  /** The same in sentences, for who does not see the picture. */
  readonly say: readonly string[];
}

export interface SlotMarkView {
  readonly seq: number;
  /** One letter a holder: `w` still wants it, `a` acked, `-` never wanted it. Else empty. */
  readonly held: string;
  /** It leaves by itself then; null when it does not. */
  readonly life: LifeView | null;
  /** Why a marker stands here and no message; empty for messages. */
  readonly stone: string;
  /** A schedule: when it publishes next. */
  readonly due: number | null;
  /** The atomic batch that it was stored with; else empty. */
  readonly batch: string;
  /** Of a counter: the value after it; else empty. */
  readonly value: string;
  /** A consumer has given it up: who, and after how many deliveries. */
  readonly parked: string;
}

/** From when until when something lives. */
export interface LifeView {
  readonly from: number;
  readonly until: number;
}

/** A message that has just left the tape. */
export interface LeftView {
  readonly seq: number;
  readonly at: number;
  readonly why: "acked" | "limit" | "age" | "deleted" | "purged" | "rollup";
}

/** What happens to a message on its way in or out. */
export interface NoteView {
  readonly kind: "transform" | "republish" | "mirror" | "source" | "counter" | "batch";
  readonly text: string;
}

/** Beside the lane of one consumer. */
export interface LaneMarksView {
  readonly kind: "lane";
  readonly id: string;
  readonly consumer: string;
  readonly paused: LifeView | null;
  /** Waits of its backoff, in nanoseconds; empty without one. */
  readonly backoff: readonly number[];
  readonly group: GroupMarkView | null;
  readonly say: readonly string[];
}

/** The priority group of a consumer. */
export interface GroupMarkView {
  readonly name: string;
  readonly policy: "pinned_client" | "overflow" | "prioritized";
  /** The client whose requests alone are served, and until when unless it asks again. */
  readonly pinned: { readonly client: string | null; readonly until: number | null } | null;
  readonly waiting: readonly {
    readonly client: string | null;
    /** What it waits for: `not pinned`, `100 waiting`, `priority 2`; empty when it is next. */
    readonly why: string;
  }[];
}

/** A key-value bucket: a row of revisions a key. */
export interface KvView {
  readonly kind: "kv";
  readonly id: string;
  readonly stream: string;
  readonly name: string;
  readonly note: string;
  /** At most eight, those changed last, by name. */
  readonly keys: readonly KeyView[];
  readonly hasMore: boolean;
  readonly watchers: readonly WatcherView[];
  readonly say: readonly string[];
}

export interface KeyView {
  readonly key: string;
  /** Oldest first. */
  readonly revisions: readonly RevisionView[];
  /** What it is now; empty when it is gone. */
  readonly value: string;
  readonly isWatched: boolean;
}

export interface RevisionView {
  readonly seq: number;
  /** Empty for a value; else why a stone stands there. */
  readonly stone: string;
  readonly isSynced: boolean;
  readonly life: LifeView | null;
}

export interface WatcherView {
  /** Its consumer. */
  readonly id: string;
  readonly client: string | null;
  /** Keys that it watches, `>` for all. */
  readonly keys: string;
}

/** An object bucket: bricks under a lid. */
export interface ObjectsView {
  readonly kind: "objects";
  readonly id: string;
  readonly stream: string;
  readonly name: string;
  readonly note: string;
  readonly objects: readonly ObjectRowView[];
  readonly hasMore: boolean;
  readonly say: readonly string[];
}

export interface ObjectRowView {
  readonly name: string;
  /** Chunks that it should have, and that are there. */
  readonly chunks: number;
  readonly held: number;
  readonly bytes: number;
  readonly state: "sealed" | "open" | "broken" | "deleted" | "link";
}

/** A stream that copies from another, or stores what another republishes. */
export interface CopyView {
  readonly kind: "copy";
  readonly id: string;
  /** Id of the stream it copies from; its name alone when that is not in the picture. */
  readonly from: string;
  readonly to: string;
  readonly way: "mirror" | "source" | "republish";
  /** Messages that the origin still has for it. */
  readonly lag: number;
  readonly state: "following" | "asking" | "failing";
  /** What is left out or renamed; empty when all comes as it is. */
  readonly note: string;
  readonly error: string;
}
