/**
 * Where a stream copies from: one link for its mirror, or one a source. A link is a push consumer
 * on the origin, made through the API and fed over subjects, so that the origin may be anywhere.
 *
 *     waiting ──request──► asked ──answer──► following ──silence, gap──► waiting
 *
 * Source: nats-server `server/stream.go` `sourceInfo`.
 */
import type { ApiErrorBody, StreamSource } from "../../../jetstream/index.ts";
import type { VirtualNanos } from "../../../kernel/index.ts";
import type { Transform } from "../../../protocol/index.ts";

export interface OriginLink {
  /** The source's `sourceIndexName`; "" for a mirror. */
  readonly name: string;
  readonly kind: "mirror" | "source";
  readonly source: StreamSource;
  /** Tried in order; the first that matches gives the subject. Null maps nothing. */
  readonly transforms: readonly (Transform | null)[];
  phase: "waiting" | "asked" | "following";
  /** The consumer on the origin, and where it delivers. */
  consumer: string;
  deliver: string;
  /** Interest subscriptions: of deliveries, and of the answer to a request. */
  deliverSub: number | null;
  answerSub: number | null;
  /** Tells the origin from another stream of its name; "" while it is not known. */
  identity: string;
  /** The origin is another than before: it is read from its beginning. */
  isRecreated: boolean;
  /** Last origin sequence and consumer sequence that came. */
  seq: number;
  delivered: number;
  /** Messages that the origin still has for us. */
  lag: number;
  heardAt: VirtualNanos | null;
  askedAt: VirtualNanos | null;
  fails: number;
  error: ApiErrorBody | null;
  /** The flow control answer that the origin waits for, and how often it said so. */
  stalledOn: string;
  stalledCount: number;
}
