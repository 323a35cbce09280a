/** What the wide layout and its cables know while they place things. */
import type { Draft } from "./draft.ts";
import type { Ruler } from "./tape.ts";

/** What differs between the full canvas and the plain picture, in pixels. */
export interface Measures {
  readonly ruler: Ruler;
  readonly top: number;
  readonly tapeX: number;
  readonly serverX: number;
  readonly rightEdge: number;
  readonly chairRight: number;
  readonly busToTape: number;
  readonly tapeToLane: number;
  readonly seatRadius: number;
}

export interface WideDraft extends Draft {
  readonly m: Measures;
  /** Where a stream's publishes run, above its tape. */
  readonly buses: Map<string, number>;
}
