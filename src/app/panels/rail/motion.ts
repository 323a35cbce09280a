/**
 * How the rail follows time. Places are React's and change in strides; between them everything that
 * moves is shifted by a transform, which the compositor does without layout and without paint.
 */
import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import { useView } from "../../store/view.ts";
import { type RailWindow, windowAround } from "./window.ts";

export interface RailWish {
  readonly span: number;
  /** Pixels of the axis, and where it begins. */
  readonly width: number;
  readonly left: number;
}

export interface RailMotion extends RailWish {
  /** What is drawn is placed relative to this moment. */
  readonly base: number;
  readonly scale: number;
  /** First moment in sight when React last looked. */
  readonly from: number;
  readonly group: RefObject<SVGSVGElement | null>;
  readonly head: RefObject<SVGSVGElement | null>;
  readonly known: RefObject<HTMLDivElement | null>;
}

/** Half of the playhead's width. */
const headHalf = 5;

export function useRailMotion(wish: RailWish): {
  readonly rail: RefObject<RailWindow>;
  readonly moving: RailMotion;
} {
  const { span, width, left } = wish;
  const rail = useRef<RailWindow | null>(null);
  rail.current ??= windowAround(null, { at: useView.getState().at, span, width });
  const [base, setBase] = useState(rail.current.base);
  const group = useRef<SVGSVGElement>(null);
  const head = useRef<SVGSVGElement>(null);
  const known = useRef<HTMLDivElement>(null);
  const scale = width / span;
  useLayoutEffect(() => {
    const move = () => {
      const { at, session } = useView.getState();
      const next = windowAround(rail.current, { at, span, width });
      rail.current = next;
      // Until React has placed everything anew, what is there stays where it belongs.
      if (next.base !== base) setBase(next.base);
      const now = (at - next.from) * scale;
      const end = Math.min(width, Math.max(now, (session.end - next.from) * scale));
      shift(group.current, `translateX(${Math.round((base - next.from) * scale)}px)`);
      group.current?.parentElement?.toggleAttribute("data-past", next.from > 0);
      shift(head.current, `translateX(${Math.round(left + now - headHalf)}px)`);
      shift(known.current, `scaleX(${Math.max(0, Math.round(end))})`);
    };
    move();
    return useView.subscribe(move);
  }, [span, width, left, scale, base]);
  const { from } = rail.current;
  const moving = { span, width, left, base, scale, from, group, head, known };
  return { rail: rail as RefObject<RailWindow>, moving };
}

function shift(element: HTMLElement | SVGElement | null, transform: string): void {
  if (element !== null && element.style.transform !== transform) {
    element.style.transform = transform;
  }
}
