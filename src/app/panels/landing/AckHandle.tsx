/** A handle on the ack in the air: drag it away, or press Enter or Delete on it. */
import { useStore } from "@xyflow/react";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { FlightView } from "../../../worker/frames.ts";
import { selectBeat } from "../../store/landing.ts";
import { useView } from "../../store/view.ts";
import { placeFlight } from "../canvas/draw/flight-place.ts";
import { holdFlight } from "../canvas/draw/hold.ts";
import { toScene } from "../canvas/hit.ts";
import { selectScene, useScene } from "../canvas/scene-store.ts";
import { dropAck, flyingAck } from "./useBeats.ts";

/** Screen pixels after which a drag means it. */
const enough = 28;

export function AckHandle() {
  const beat = useView(selectBeat);
  const flying = useView(flyingAck);
  /** What is in the hand stays there, whatever the picture does meanwhile. */
  const [inHand, setInHand] = useState<FlightView | null>(null);
  const flight = inHand ?? flying;
  const scene = useScene(selectScene);
  const at = useView((view) => view.at);
  const [x, y, zoom] = useStore((store) => store.transform);
  if (beat !== "lose" || flight === null) return null;
  const place = placeFlight(scene, at, flight);
  if (place === null) return null;
  const left = place.x * zoom + x;
  const top = place.y * zoom + y;
  return (
    <>
      <Grip flight={flight} left={left} top={top} zoom={zoom} onHold={setInHand} />
      <svg className="drag-hint" style={{ left, top }} width="2" height="2" aria-hidden="true">
        <text y={-24 * zoom} className="b s c halo">
          ack {flight.seq}
        </text>
        <path d={`M0 ${22 * zoom}v${34 * zoom}m0 0l-7 -11m7 11l7 -11`} />
      </svg>
    </>
  );
}

interface GripProps {
  readonly flight: FlightView;
  readonly left: number;
  readonly top: number;
  readonly zoom: number;
  readonly onHold: (flight: FlightView | null) => void;
}

function Grip({ flight, left, top, zoom, onHold }: GripProps) {
  const start = useRef<{ x: number; y: number } | null>(null);
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    start.current = { x: event.clientX, y: event.clientY };
    onHold(flight);
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    const point = toScene(event);
    if (start.current !== null && point !== null) {
      holdFlight({ id: flight.id, x: point.x, y: point.y });
    }
  };
  const onPointerUp = (event: PointerEvent) => {
    const from = start.current;
    start.current = null;
    holdFlight(null);
    onHold(null);
    if (from === null) return;
    const moved = Math.hypot(event.clientX - from.x, event.clientY - from.y);
    if (moved > enough) void dropAck(flight);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== "Delete") return;
    event.preventDefault();
    void dropAck(flight);
  };
  const size = 40 * zoom;
  return (
    <button
      type="button"
      className="ack-grip"
      aria-label={`Take ack ${flight.seq} off the wire`}
      style={{ left: left - size / 2, top: top - size / 2, width: size, height: size }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onKeyDown={onKeyDown}
    />
  );
}
