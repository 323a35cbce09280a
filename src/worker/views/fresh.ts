/** What the trace has brought and no frame has told yet. */
import type { FlightView, MarkView, TraceView } from "../frames.ts";

export interface Fresh {
  readonly flights: FlightView[];
  readonly lines: TraceView[];
  readonly marks: MarkView[];
}

export const nothingFresh: Fresh = { flights: [], lines: [], marks: [] };

export function joined(earlier: Fresh, later: Fresh): Fresh {
  if (earlier === nothingFresh) return later;
  return {
    flights: [...earlier.flights, ...later.flights],
    lines: [...earlier.lines, ...later.lines],
    marks: [...earlier.marks, ...later.marks],
  };
}
