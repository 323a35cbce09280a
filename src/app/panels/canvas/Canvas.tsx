/** The picture: a React Flow graph of things, and one canvas over it for what moves. */
import { ReactFlow, ReactFlowProvider, useReactFlow, useStore } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import "./canvas.css";
import { useEffect, useMemo, useRef } from "react";
import { watchSlots } from "../../engine.ts";
import { useElementSize } from "../../parts/useElementSize.ts";
import { useView, type View } from "../../store/view.ts";
import { CableEdge } from "./CableEdge.tsx";
import { ChairNode } from "./ChairNode.tsx";
import { ConsumerNode } from "./ConsumerNode.tsx";
import { labelScale } from "./draw/brush.ts";
import { Painter } from "./draw/Painter.tsx";
import { EmptyScene } from "./EmptyScene.tsx";
import { flightUnder } from "./hit.ts";
import type { Scene, SceneLook } from "./layout/scene.ts";
import { ServerNode } from "./ServerNode.tsx";
import { StreamNode } from "./StreamNode.tsx";
import { useScene } from "./scene-store.ts";
import { edgesOf, type Fit, nodesOf, useFittedScene } from "./useFlow.ts";

/** Module constants: a new object here would remount every node on each render. */
const nodeTypes = {
  server: ServerNode,
  stream: StreamNode,
  consumer: ConsumerNode,
  chair: ChairNode,
};
const edgeTypes = { cable: CableEdge };

interface CanvasProps {
  readonly plain?: boolean;
  readonly children?: React.ReactNode;
}

export function Canvas({ plain = false, children }: CanvasProps) {
  const [ref, size] = useElementSize<HTMLElement>();
  const look: SceneLook = size.width < 520 ? "tall" : plain ? "plain" : "wide";
  return (
    <section className="canvas" aria-label="Canvas" ref={ref} data-look={look}>
      <ReactFlowProvider>
        {size.width > 0 ? <Graph look={look} width={size.width} height={size.height} /> : null}
        {children}
      </ReactFlowProvider>
    </section>
  );
}

interface GraphProps {
  readonly look: SceneLook;
  readonly width: number;
  readonly height: number;
}

function Graph({ look, width, height }: GraphProps) {
  const blank = useView(selectBlank);
  const [scene, fit] = useFittedScene({ width, height }, look);
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
        minZoom={0.3}
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
        panOnDrag={look !== "plain"}
        zoomOnScroll={look !== "plain"}
        zoomOnPinch={look !== "plain"}
        preventScrolling={look !== "plain"}
        proOptions={{ hideAttribution: true }}
        onMove={holdByHand}
        onPaneClick={selectUnder}
      />
      <Labels />
      <Painter />
      {blank && look !== "plain" ? <EmptyScene width={width} height={height} /> : null}
    </>
  );
}

/** A world of one server and nothing on it: the canvas invites the first command. */
/** A server that is down shows no streams either, and yet its disk may be full of them. */
const selectBlank = (view: View) =>
  view.connected &&
  view.streams.size === 0 &&
  view.flights.size === 0 &&
  [...view.servers.values()].every((server) => server.state === "up");

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

/** Text on the canvas keeps its 12 px at any zoom below one, and grows less than the picture. */
function Labels() {
  const zoom = useStore((store) => store.transform[2]);
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const flow = ref.current?.parentElement?.querySelector<HTMLElement>(".react-flow");
    flow?.style.setProperty("--k", String(labelScale(zoom)));
  }, [zoom]);
  return <span ref={ref} hidden />;
}

function selectUnder(event: React.MouseEvent): void {
  const flight = flightUnder(event.nativeEvent);
  const view = useView.getState();
  if (flight !== null && flight.seq > 0) {
    const stream = flight.target.replace(/^consumer:/, "stream:").split("/")[0] ?? "";
    view.select(`message:${stream.replace(/^stream:/, "")}/${flight.seq}`);
  } else view.select(null);
}
