/**
 * Whether the picture has to be drawn again. Each new one is blended over the whole canvas, which
 * costs a machine without a graphics card milliseconds; one that looks the same stays.
 */
import type { View } from "../../../store/view.ts";

/** What stands on the canvas only drains: some pixels a second, and tenths of seconds in words. */
const drainMs = 50;

type Moving = Pick<
  View,
  "flights" | "flows" | "elections" | "features" | "consumers" | "run" | "epoch"
>;

export interface Drawn {
  /** Everything that the picture is made of, in a fixed order; the moment and the view apart. */
  frame: readonly unknown[];
  view: Moving | null;
  at: number;
  /** Wall milliseconds. */
  since: number;
  isBlank: boolean;
}

/** Of a canvas on which nothing has been drawn. */
export function createDrawn(): Drawn {
  return { frame: [], view: null, at: 0, since: 0, isBlank: true };
}

/** Notes the picture as drawn when it is due at wall time `now`. */
export function takeDue(
  drawn: Drawn,
  next: Omit<Drawn, "since" | "isBlank">,
  now: number,
): boolean {
  const { view, at, frame } = next;
  const isBlank = view === null || hasNothing(view);
  if (isBlank && drawn.isBlank) return false;
  const isSame = frame.every((fact, index) => fact === drawn.frame[index]);
  if (isSame && view === drawn.view && at === drawn.at) return false;
  const mayWait = isSame && !isBlank && view.epoch === drawn.view?.epoch && onlyDrains(view);
  if (mayWait && now - drawn.since < drainMs) return false;
  Object.assign(drawn, next, { since: now, isBlank });
  return true;
}

/** What stands still is not the painter's. */
function hasNothing(view: Moving): boolean {
  const { flights, flows, elections, features } = view;
  const isEmpty = flights.size + flows.length + elections.length + features.size === 0;
  return isEmpty && !hasSeats(view);
}

function hasSeats({ consumers }: Moving): boolean {
  for (const { seats } of consumers.values()) if (seats.length > 0) return true;
  return false;
}

/** Rings alone, at a pace at which they creep. */
function onlyDrains({ flights, flows, features, run }: Moving): boolean {
  if (!run.playing || typeof run.speed !== "number" || run.speed > 1) return false;
  return flights.size + flows.length + features.size === 0;
}
