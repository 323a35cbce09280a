/** Drawings that an ordinary first stream does not need come with the first world that does. */
import type { NodeProps } from "@xyflow/react";
import { type ComponentProps, lazy, Suspense } from "react";
import type { FeatureView } from "../../../../worker/frames.ts";
import { useView, type View } from "../../../store/view.ts";
import type { Brush } from "../draw/brush.ts";
import type { Scene } from "../layout/scene.ts";
import type { ThingNode } from "../ServerNode.tsx";
import type { CopyEdge } from "./CopyEdge.tsx";
import type { LaneMarks } from "./LaneMarks.tsx";
import type { TapeMarks } from "./TapeMarks.tsx";

const load = () => import("./parts.ts");

const Tape = lazy(() => load().then((parts) => ({ default: parts.TapeMarks })));
const Lane = lazy(() => load().then((parts) => ({ default: parts.LaneMarks })));
const Bucket = lazy(() => load().then((parts) => ({ default: parts.BucketNode })));
const Copy = lazy(() => load().then((parts) => ({ default: parts.CopyEdge })));
const Marks = lazy(() => load().then((parts) => ({ default: parts.Legend })));

export function TapeMarksDoor(props: ComponentProps<typeof TapeMarks>) {
  return (
    <Suspense fallback={null}>
      <Tape {...props} />
    </Suspense>
  );
}

export function LaneMarksDoor(props: ComponentProps<typeof LaneMarks>) {
  return (
    <Suspense fallback={null}>
      <Lane {...props} />
    </Suspense>
  );
}

export function BucketDoor(props: NodeProps<ThingNode>) {
  return (
    <Suspense fallback={null}>
      <Bucket {...props} />
    </Suspense>
  );
}

export function CopyDoor(props: ComponentProps<typeof CopyEdge>) {
  return (
    <Suspense fallback={null}>
      <Copy {...props} />
    </Suspense>
  );
}

const selectHasFeatures = (view: View) => view.features.size > 0;

/** What the marks of this picture mean; nothing while it has none beyond the usual. */
export function LegendDoor() {
  if (!useView(selectHasFeatures)) return null;
  return (
    <Suspense fallback={null}>
      <Marks />
    </Suspense>
  );
}

/** The marks beside a tape or a lane. */
export const selectFeature =
  <K extends FeatureView["kind"]>(kind: K, id: string) =>
  (view: View): Extract<FeatureView, { kind: K }> | undefined => {
    const feature = view.features.get(id);
    return feature?.kind === kind ? (feature as Extract<FeatureView, { kind: K }>) : undefined;
  };

type Paint = (brush: Brush, scene: Scene, view: View) => void;

let paint: Paint | null = null;
let coming = false;

/** What of them moves with time; nothing until it has come. */
export function paintFeatures(brush: Brush, scene: Scene, view: View): void {
  if (view.features.size === 0) return;
  if (paint !== null) return paint(brush, scene, view);
  if (coming) return;
  coming = true;
  void load().then((parts) => {
    paint = parts.paintFeatures;
    // Stopped time is drawn once: this is another picture of it.
    useView.setState({ features: new Map(useView.getState().features) });
  });
}
