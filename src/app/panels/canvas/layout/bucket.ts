/** How much room a bucket takes in the place of a tape, and which streams are buckets. */
import type { FeatureView, KvView, ObjectsView, Topology } from "../../../../worker/frames.ts";

export type BucketView = KvView | ObjectsView;

export const rowPitch = 30;
/** Below the last row: how many more there are, or who watches. */
const footHeight = 22;

export function isBucketView(feature: FeatureView): feature is BucketView {
  return feature.kind === "kv" || feature.kind === "objects";
}

export function bucketOf({ features }: Topology, stream: string): BucketView | null {
  for (const feature of features) {
    if (isBucketView(feature) && feature.stream === stream) return feature;
  }
  return null;
}

export function bucketRows(bucket: BucketView): number {
  return Math.max(1, bucket.kind === "kv" ? bucket.keys.length : bucket.objects.length);
}

export function bucketHeight(bucket: BucketView): number {
  return bucketRows(bucket) * rowPitch + footHeight;
}

export function bucketKey(bucket: BucketView): string {
  return `${bucket.id} ${bucketRows(bucket)}`;
}
