import type { ObjectRowView } from "../../../../worker/frames.ts";
import { bytesText, countText } from "../../../parts/figures.ts";
import { type BucketMeasures, clipped } from "./bucket-measures.ts";
import { Stone } from "./glyphs.tsx";

const brickPitch = 14;

interface ObjectRowProps {
  readonly row: ObjectRowView;
  readonly y: number;
  readonly m: BucketMeasures;
}

/** An object: a brick a chunk, and the lid that makes it whole. */
export function ObjectRow({ row, y, m }: ObjectRowProps) {
  const most = m.isTall ? 5 : 14;
  const chunks = Math.max(row.chunks, row.held);
  const bricks = Math.min(most, chunks);
  const right = m.columnX + Math.max(1, bricks) * brickPitch;
  const isGone = row.state === "deleted";
  return (
    <g className="object-row" data-state={row.state}>
      <text x="0" y={y + 19} className={isGone ? "m" : "b"}>
        {clipped(row.name, m.nameLetters)}
      </text>
      {isGone ? <Stone x={m.columnX + 8} y={y + 20} /> : null}
      {isGone
        ? null
        : Array.from({ length: bricks }, (_, index) => (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: bricks have nothing but their number.
              key={index}
              x={m.columnX + index * brickPitch}
              y={y + 10}
              width={brickPitch - 2}
              height="13"
              rx="2"
              className={
                index < (row.held * bricks) / Math.max(1, chunks) ? "brick" : "brick missing"
              }
            />
          ))}
      {isGone || row.state === "open" ? null : (
        <path
          d={
            row.state === "broken"
              ? `M${m.columnX - 3} ${y + 9}v-3H${(m.columnX + right) / 2 - 5}l4 4 3-7 3 3H${right + 1}v3`
              : `M${m.columnX - 3} ${y + 9}v-3H${right + 1}v3`
          }
          className={row.state === "broken" ? "lid broken" : "lid"}
        />
      )}
      <text x={right + 12} y={y + 19} className="m s">
        {wordsOf(row, most)}
      </text>
    </g>
  );
}

function wordsOf({ state, chunks, held, bytes }: ObjectRowView, most: number): string {
  if (state === "deleted") return "deleted";
  if (state === "link") return "link";
  const many = chunks > most ? `${countText(chunks)} chunks · ` : "";
  if (state === "open") return `${many}${countText(held)} so far`;
  if (state === "broken") return `${held} of ${chunks} chunks are there`;
  return `${many}${bytesText(bytes)}`;
}
