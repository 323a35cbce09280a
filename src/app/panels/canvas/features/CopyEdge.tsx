/** From the tape that is copied to the copy. */
import { memo } from "react";
import type { CopyView } from "../../../../worker/frames.ts";
import { countText } from "../../../parts/figures.ts";
import { useView, type View } from "../../../store/view.ts";
import { selectCable, selectLook, useScene } from "../scene-store.ts";

export const CopyEdge = memo(function CopyEdge({ id }: { readonly id: string }) {
  const cable = useScene(selectCable(id));
  const look = useScene(selectLook);
  const copy = useView(selectCopy(id));
  if (cable === undefined || copy === undefined) return null;
  const { samples } = cable.solid;
  const x = samples[samples.length - 2] as number;
  const y = samples[samples.length - 1] as number;
  const tip =
    look === "tall" ? `M${x + 6} ${y - 4}L${x} ${y}l6 4` : `M${x - 6} ${y - 4}L${x} ${y}l-6 4`;
  const words = wordsOf(copy);
  return (
    <g className="copy" data-state={copy.state} data-way={copy.way}>
      <path d={cable.solid.d} className="l-there" />
      <path d={tip} className="l-arrow" />
      {words === "" ? null : (
        <text x={x + (look === "tall" ? 8 : -12)} y={y + 34} className="m halo copy-words">
          {words}
        </text>
      )}
    </g>
  );
});

function wordsOf({ state, lag }: CopyView): string {
  if (state === "failing") return "asks again";
  return lag > 0 ? `${countText(lag)} behind` : "";
}

const selectCopy = (id: string) => (view: View) => {
  for (const feature of view.features.values()) {
    if (feature.kind === "copy" && `${feature.from}|${feature.to}` === id) return feature;
  }
  return undefined;
};
