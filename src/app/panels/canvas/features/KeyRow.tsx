import type { KeyView, KvView } from "../../../../worker/frames.ts";
import { type BucketMeasures, clipped, revisionX } from "./bucket-measures.ts";
import { Bell, Stone } from "./glyphs.tsx";

interface KeyRowProps {
  readonly row: KeyView;
  readonly bucket: KvView;
  readonly y: number;
  readonly m: BucketMeasures;
}

/** A key: its name, its history with the newest revision last, its value, who watches. */
export function KeyRow({ row, bucket, y, m }: KeyRowProps) {
  const shown = row.revisions.slice(-m.revisions);
  const last = shown.at(-1);
  const stream = bucket.stream.slice(bucket.stream.indexOf(":") + 1);
  const isGone = last !== undefined && last.stone !== "";
  return (
    <g className="key-row">
      <text x="0" y={y + 19} className={isGone ? "m" : "b"}>
        {clipped(row.key, m.nameLetters)}
      </text>
      {shown.map((revision, index) => {
        const x = revisionX(m, shown.length, index);
        const isNewest = index === shown.length - 1;
        return (
          <g
            key={revision.seq}
            data-message={`message:${stream}/${revision.seq}`}
            className={isNewest ? "revision" : "revision past"}
          >
            <rect
              x={x}
              y={y + 3}
              width={m.slotWidth}
              height="23"
              rx="4"
              className={revision.stone !== "" ? "slot-stone" : slotClass(revision.isSynced)}
            />
            {revision.stone === "" ? (
              <text
                x={x + m.slotWidth / 2}
                y={y + 19}
                className={revision.isSynced ? "c inv" : "c"}
              >
                {revision.seq}
              </text>
            ) : (
              <Stone x={x + m.slotWidth / 2} y={y + 20} />
            )}
          </g>
        );
      })}
      <text x={m.valueX} y={y + 19} className={isGone ? "m s" : ""}>
        {isGone ? last.stone : clipped(row.value, m.valueLetters)}
      </text>
      {row.isWatched ? <Bell x={m.width - 12} y={y + 14} /> : null}
    </g>
  );
}

const slotClass = (isSynced: boolean) => (isSynced ? "slot slot-dry" : "slot slot-wet");
