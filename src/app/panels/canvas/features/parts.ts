/** The chunk behind `door.tsx`. */
import "./features.css";

export { BucketNode } from "./BucketNode.tsx";
export { CopyEdge } from "./CopyEdge.tsx";
export { LaneMarks } from "./LaneMarks.tsx";
export { Legend } from "./Legend.tsx";
export { paintFeatures } from "./paint-features.ts";
export { TapeMarks } from "./TapeMarks.tsx";
