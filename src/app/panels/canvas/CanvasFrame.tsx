/** What stands around the picture: its summary, its zoom, its sentence, the way to faults. */
import { useReactFlow, useStore } from "@xyflow/react";
import { runAction } from "../../actions/registry.ts";
import { Button } from "../../parts/Button.tsx";
import { selectCaption, selectSummary } from "../../store/select-world.ts";
import { useView } from "../../store/view.ts";
import { useScene } from "./scene-store.ts";

export function CanvasTop() {
  const summary = useView(selectSummary);
  const zoom = useStore((store) => store.transform[2]);
  const percent = Math.round(zoom * 100);
  const { zoomIn, zoomOut } = useReactFlow();
  const change = (by: () => Promise<boolean>) => () => {
    useScene.getState().hold(true);
    void by();
  };
  return (
    <div className="canvas-top">
      <span>{summary}</span>
      <span className="grow" />
      <button
        type="button"
        className="btn"
        data-icon
        aria-label="Zoom out"
        onClick={change(zoomOut)}
      >
        −
      </button>
      <button
        type="button"
        className="btn zoom"
        aria-label={`${percent} %, fit the picture`}
        onClick={() => runAction("fit")}
      >
        {percent} %
      </button>
      <button type="button" className="btn" data-icon aria-label="Zoom in" onClick={change(zoomIn)}>
        +
      </button>
    </div>
  );
}

export function Caption({ faults }: { faults: boolean }) {
  const caption = useView(selectCaption);
  return (
    <div className="caption">
      <p>
        {caption === null ? null : (
          <>
            <b>{caption.strong}</b> {caption.rest}
          </>
        )}
      </p>
      {faults ? (
        <Button look="line" mark="bolt" keyHint="F" onClick={() => runAction("faults")}>
          Faults
        </Button>
      ) : null}
    </div>
  );
}
