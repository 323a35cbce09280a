/** The canvas over the graph: one animation frame loop that reads and draws. */
import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { noteFrameWork } from "../../../frame-work.ts";
import { useView } from "../../../store/view.ts";
import { heldFlight } from "./hold.ts";
import { paint } from "./painter.ts";
import { type Palette, readPalette } from "./palette.ts";

export function Painter() {
  const ref = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return;
    let ink: Palette = readPalette(document.documentElement);
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const dye = () => {
      ink = readPalette(document.documentElement);
    };
    const themes = new MutationObserver(dye);
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    dark.addEventListener("change", dye);
    const resize = new ResizeObserver(() => sizeToBox(canvas));
    resize.observe(canvas);
    let frame = requestAnimationFrame(function draw() {
      frame = requestAnimationFrame(draw);
      const start = performance.now();
      const [x, y, zoom] = flow.getState().transform;
      paint(canvas, {
        ink,
        viewport: { x, y, zoom },
        still: still.matches,
        held: heldFlight(useView.getState().flights),
      });
      noteFrameWork(performance.now() - start);
    });
    return () => {
      cancelAnimationFrame(frame);
      themes.disconnect();
      resize.disconnect();
      dark.removeEventListener("change", dye);
    };
  }, [flow]);
  return <canvas ref={ref} className="painter" />;
}

function sizeToBox(canvas: HTMLCanvasElement): void {
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
}
