/** One frame of a session as the page asks for it, whatever else the page has open. */
import type { Session } from "../scenario/index.ts";
import type { FrameBuilder } from "./frame-builder.ts";
import type { FramePatch } from "./frames.ts";

/** `playing`: time runs; `selected`: what the inspector shows. */
export function frameOf(
  builder: FrameBuilder,
  session: Session,
  { playing, selected = null }: { playing: boolean; selected?: string | null },
): FramePatch {
  return builder.build({
    world: session.world,
    trace: session.trace,
    step: session.stepsTaken,
    run: { playing, speed: 1, pace: 1 },
    session: {
      ...{ title: "", scenario: null, seed: 7, branch: 0, branches: [] },
      ...{ undo: null, redo: null, end: session.newest },
    },
    selected,
    slots: 12,
    caption: "",
    wall: 50e6,
  });
}
