/** A bucket in the place of its stream's tape: keys with their history, or objects in bricks. */
import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { View } from "../../../store/view.ts";
import { useView } from "../../../store/view.ts";
import { type BucketView, bucketRows, isBucketView, rowPitch } from "../layout/bucket.ts";
import type { ThingNode } from "../ServerNode.tsx";
import { selectLook, selectTapePlace, useScene } from "../scene-store.ts";
import { Thing } from "../Thing.tsx";
import { bucketMeasures } from "./bucket-measures.ts";
import { Bell } from "./glyphs.tsx";
import { KeyRow } from "./KeyRow.tsx";
import { ObjectRow } from "./ObjectRow.tsx";

export const BucketNode = memo(function BucketNode({ data }: NodeProps<ThingNode>) {
  const bucket = useView(selectBucket(data.id));
  const place = useScene(selectTapePlace(data.id));
  const look = useScene(selectLook);
  if (bucket === undefined || place === undefined) return null;
  const isTall = look === "tall";
  const width = isTall ? place.depth : place.room;
  const height = isTall ? place.room : place.depth;
  const measures = bucketMeasures(bucket, width, isTall);
  const foot = footOf(bucket);
  const rows = bucketRows(bucket);
  return (
    <Thing id={data.id} name={`bucket ${bucket.name}`} className="bucket">
      <svg width={width} height={height} aria-hidden="true">
        <text x="-4" y={isTall ? -10 : -18} className="n halo">
          <tspan className="title">{bucket.name}</tspan>
          <tspan className="m s" dx="8">
            {isTall ? kindWords[bucket.kind] : `${kindWords[bucket.kind]} · ${bucket.note}`}
          </tspan>
        </text>
        <path d={`M-4 -3H${width}`} className="hairline" />
        {bucket.kind === "kv"
          ? bucket.keys.map((row, index) => (
              <KeyRow key={row.key} row={row} y={index * rowPitch} bucket={bucket} m={measures} />
            ))
          : bucket.objects.map((row, index) => (
              <ObjectRow
                // Two may be called the same while one arrives.
                // biome-ignore lint/suspicious/noArrayIndexKey: see above.
                key={`${index} ${row.name}`}
                row={row}
                y={index * rowPitch}
                m={measures}
              />
            ))}
        {isEmpty(bucket) ? (
          <text x="0" y="19" className="m s">
            nothing in it yet
          </text>
        ) : null}
        {foot === "" ? null : (
          <>
            {bucket.kind === "kv" && bucket.watchers.length > 0 ? (
              <Bell x={5} y={rows * rowPitch + 10} />
            ) : null}
            <text x="16" y={rows * rowPitch + 14} className="m s halo">
              {foot}
            </text>
          </>
        )}
      </svg>
      <span className="vh">{bucket.say.join(". ")}</span>
    </Thing>
  );
});

const kindWords = { kv: "key-value bucket", objects: "object bucket" } as const;

function isEmpty(bucket: BucketView): boolean {
  return bucket.kind === "kv" ? bucket.keys.length === 0 : bucket.objects.length === 0;
}

function footOf(bucket: BucketView): string {
  const words: string[] = [];
  if (bucket.kind === "kv") {
    for (const { client, keys } of bucket.watchers.slice(0, 2)) {
      words.push(`${nameOf(client)} watches ${keys === ">" ? "every key" : keys}`);
    }
    if (bucket.watchers.length > 2) words.push(`${bucket.watchers.length - 2} more watch`);
  }
  if (bucket.hasMore) words.push(bucket.kind === "kv" ? "and more keys" : "and more objects");
  return words.join(" · ");
}

function nameOf(client: string | null): string {
  if (client === null) return "a client";
  const name = client.slice(client.indexOf(":") + 1);
  return name === "t1" ? "the terminal" : name;
}

const selectBucket = (stream: string) => (view: View) => {
  for (const feature of view.features.values()) {
    if (isBucketView(feature) && feature.stream === stream) return feature;
  }
  return undefined;
};
