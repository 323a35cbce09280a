/** The canvas over the graph: one animation frame loop that reads and draws. */
import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { noteFrameWork } from "../../../frame-work.ts";
import { useView } from "../../../store/view.ts";
import { useScene } from "../scene-store.ts";
import { createDrawn, takeDue } from "./due.ts";
import { heldFlight } from "./hold.ts";
import { createGlide, glideTo } from "./moment.ts";
import { createDrawPace, drawsNow } from "./pace.ts";
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
    let drawn = createDrawn();
    const resize = new ResizeObserver(() => {
      sizeToBox(canvas);
      drawn = createDrawn();
    });
    resize.observe(canvas);
    const glide = createGlide();
    const pace = createDrawPace();
    let turn = requestAnimationFrame(function draw() {
      turn = requestAnimationFrame(draw);
      const start = performance.now();
      const view = useView.getState();
      const { scene } = useScene.getState();
      const { transform } = flow.getState();
      const at = glideTo(glide, view, start);
      const held = heldFlight(view.flights);
      const frame = [scene, transform, held, ink, still.matches];
      if (drawsNow(pace, start) && takeDue(drawn, { frame, view, at }, start)) {
        const [x, y, zoom] = transform;
        const viewport = { x, y, zoom };
        paint(canvas, { view, scene, at, ink, viewport, still: still.matches, held });
      }
      noteFrameWork(performance.now() - start);
    });
    return () => {
      cancelAnimationFrame(turn);
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
