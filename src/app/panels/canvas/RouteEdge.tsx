/** A route between two servers: an arc, torn where a fault cuts it, faint while it is closed. */
import type { EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { durationText } from "../../parts/figures.ts";
import { selectRoute } from "../../store/select-cluster.ts";
import { useView } from "../../store/view.ts";
import { selectForm } from "./cluster-store.ts";
import type { Track } from "./layout/track.ts";
import { selectCable, useScene } from "./scene-store.ts";

/** Of a latency, so that it is not cut off at the left edge of the canvas. */
const wordsRoom = 56;

export const RouteEdge = memo(function RouteEdge({ id }: EdgeProps) {
  const cable = useScene(selectCable(id));
  const [a = "", b = ""] = id.split("|").map((end) => end.slice(end.indexOf(":") + 1));
  const route = useView(selectRoute(`route:${a}-${b}`));
  const form = useScene(selectForm);
  if (cable === undefined || route === undefined) return null;
  const { x, y, angle } = middleOf(cable.solid);
  const isTorn = route.cut !== "no";
  return (
    <g className="route" data-state={route.state} data-cut={route.cut}>
      <path d={cable.solid.d} className="route-line" />
      {isTorn ? (
        <g transform={`translate(${x} ${y}) rotate(${angle + (route.cut === "from" ? 180 : 0)})`}>
          <rect x="-9" y="-9" width="18" height="18" className="tear-ground" />
          <use
            href={route.cut === "both" ? "#m-tear" : "#m-tear-half"}
            x="-11"
            y="-11"
            width="22"
            height="22"
            className="tear"
          />
        </g>
      ) : route.latency === null || form === "slim" ? null : (
        <text x={Math.max(cable.label.x, wordsRoom)} y={cable.label.y + 4} className="m e halo">
          {durationText(route.latency)}
        </text>
      )}
    </g>
  );
});

/** The middle of an arc and the direction of the cable there, in degrees. */
function middleOf({ samples }: Track): { x: number; y: number; angle: number } {
  const i = Math.floor(samples.length / 4) * 2;
  const x = samples[i] as number;
  const y = samples[i + 1] as number;
  const dx = (samples[i + 2] ?? x) - x;
  const dy = (samples[i + 3] ?? y + 1) - y;
  return { x, y, angle: (Math.atan2(dy, dx) * 180) / Math.PI };
}
