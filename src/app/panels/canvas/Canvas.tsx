/** The picture: a React Flow graph of things, and one canvas over it for what moves. */
import { ReactFlow, ReactFlowProvider, useReactFlow, useStore } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import "./canvas.css";
import "./cluster.css";
import { useEffect, useMemo, useRef } from "react";
import { watchSlots } from "../../engine.ts";
import { useElementSize } from "../../parts/useElementSize.ts";
import { messageOf } from "../../store/counted.ts";
import { selectBlank, selectOnePicture } from "../../store/select-world.ts";
import { useView } from "../../store/view.ts";
import { CableEdge } from "./CableEdge.tsx";
import { ChairNode } from "./ChairNode.tsx";
import { ConsumerNode } from "./ConsumerNode.tsx";
import { labelScale } from "./draw/brush.ts";
import { Painter } from "./draw/Painter.tsx";
import { EmptyScene } from "./EmptyScene.tsx";
import { BucketDoor, CopyDoor, LegendDoor } from "./features/door.tsx";
import { flightUnder } from "./hit.ts";
import { type CanvasFrame, type Fit, lookFor } from "./layout/fit.ts";
import type { Scene, SceneLook } from "./layout/scene.ts";
import { RouteEdge } from "./RouteEdge.tsx";
import { RowNode } from "./RowNode.tsx";
import { ServerNode } from "./ServerNode.tsx";
import { StationNode } from "./StationNode.tsx";
import { StreamNode } from "./StreamNode.tsx";
import { useScene } from "./scene-store.ts";
import { edgesOf, nodesOf, useFittedScene } from "./useFlow.ts";

/** Module constants: a new object here would remount every node on each render. */
const nodeTypes = {
  server: ServerNode,
  stream: StreamNode,
  consumer: ConsumerNode,
  chair: ChairNode,
  station: StationNode,
  row: RowNode,
  bucket: BucketDoor,
};
const edgeTypes = { cable: CableEdge, route: RouteEdge, copy: CopyDoor };

interface CanvasProps {
  readonly frame?: CanvasFrame;
  readonly children?: React.ReactNode;
}

export function Canvas({ frame = "sandbox", children }: CanvasProps) {
  const [ref, size] = useElementSize<HTMLElement>();
  const onePicture = useView(selectOnePicture);
  const look = lookFor(frame, size, onePicture);
  return (
    <section className="canvas" aria-label="Canvas" ref={ref} data-look={look}>
      <ReactFlowProvider>
        {size.width > 0 ? (
          <Graph look={look} frame={frame} width={size.width} height={size.height} />
        ) : null}
        {children}
      </ReactFlowProvider>
    </section>
  );
}

interface GraphProps {
  readonly look: SceneLook;
  readonly frame: CanvasFrame;
  readonly width: number;
  readonly height: number;
}

function Graph({ look, frame, width, height }: GraphProps) {
  const blank = useView(selectBlank);
  const [scene, fit] = useFittedScene({ width, height }, look, frame);
  const loose = frame === "sandbox" || frame === "phone";
  const nodes = useMemo(() => nodesOf(scene), [scene]);
  const edges = useMemo(() => edgesOf(scene), [scene]);
  useFit(scene, fit);
  useEffect(() => watchSlots(scene.slots), [scene.slots]);
  return (
    <>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        defaultViewport={fit}
        minZoom={0.2}
        maxZoom={3}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        zoomActivationKeyCode={null}
        panActivationKeyCode={null}
        disableKeyboardA11y
        zoomOnDoubleClick={false}
        panOnDrag={loose}
        zoomOnScroll={loose}
        zoomOnPinch={loose}
        preventScrolling={loose}
        proOptions={{ hideAttribution: true }}
        onMove={holdByHand}
        onPaneClick={selectUnder}
      />
      <Labels />
      <Painter />
      {loose ? <LegendDoor /> : null}
      {blank && loose ? <EmptyScene width={width} height={height} /> : null}
    </>
  );
}

/** The person moves the picture: it stays where they put it. */
function holdByHand(event: MouseEvent | TouchEvent | null): void {
  if (event !== null) useScene.getState().hold(true);
}

function useFit(scene: Scene, fit: Fit): void {
  const { setViewport } = useReactFlow();
  const held = useScene((store) => store.held);
  useEffect(() => {
    useScene.getState().place(scene, fit);
    if (!held) void setViewport(fit);
  }, [scene, fit, held, setViewport]);
}

/** Below this zoom a thing shows its name alone: words that keep their size run out of room. */
const farZoom = 0.7;

/** Text on the canvas keeps its 12 px at any zoom below one, and grows less than the picture. */
function Labels() {
  const zoom = useStore((store) => store.transform[2]);
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const flow = ref.current?.parentElement?.querySelector<HTMLElement>(".react-flow");
    flow?.style.setProperty("--k", String(labelScale(zoom)));
    flow?.toggleAttribute("data-far", zoom < farZoom);
  }, [zoom]);
  return <span ref={ref} hidden />;
}

function selectUnder(event: React.MouseEvent): void {
  const flight = flightUnder(event.nativeEvent);
  const view = useView.getState();
  view.select(flight === null ? null : messageOf(flight));
}
