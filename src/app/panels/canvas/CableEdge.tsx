import type { EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { durationText } from "../../parts/figures.ts";
import { selectClient } from "../../store/select-world.ts";
import { useView } from "../../store/view.ts";
import { selectForm } from "./cluster-store.ts";
import type { Track } from "./layout/track.ts";
import { selectCable, selectLook, useScene } from "./scene-store.ts";

/** A cable of two tracks: solid with an arrow, dotted on the way back. */
export const CableEdge = memo(function CableEdge({ id }: EdgeProps) {
  const cable = useScene(selectCable(id));
  const client = useView(selectClient(cable?.client ?? ""));
  const look = useScene(selectLook);
  const form = useScene(selectForm);
  if (cable === undefined || client === undefined) return null;
  const link = cable.target.startsWith("server:");
  return (
    <g className="cable" data-state={client.state}>
      <path d={cable.solid.d} className="l-there" />
      {link ? null : <path d={arrow(cable.solid)} className="l-arrow" />}
      <path d={cable.dotted.d} className="l-back" />
      {client.latency === null || look === "tall" || form === "slim" ? null : (
        <text x={cable.label.x} y={cable.label.y} className="m halo">
          {durationText(client.latency)}
        </text>
      )}
    </g>
  );
});

function arrow(track: Track): string {
  const n = track.samples.length;
  const x = track.samples[n - 2] as number;
  const y = track.samples[n - 1] as number;
  const dx = x - (track.samples[n - 4] as number);
  const dy = y - (track.samples[n - 3] as number);
  return Math.abs(dx) > Math.abs(dy)
    ? `M${x - Math.sign(dx) * 7} ${y - 4}L${x - Math.sign(dx)} ${y}l${-Math.sign(dx) * 6} 4`
    : `M${x - 4} ${y - Math.sign(dy) * 7}L${x} ${y}l4 ${-Math.sign(dy) * 7}`;
}
