import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { CellView, StreamView } from "../../../worker/frames.ts";
import { countText } from "../../parts/figures.ts";
import { doubledMessages, isCountedCell, selectDoubledTrace } from "../../store/counted.ts";
import { selectFilter } from "../../store/select-page.ts";
import { selectStream } from "../../store/select-world.ts";
import { useView } from "../../store/view.ts";
import { selectFeature, TapeMarksDoor } from "./features/door.tsx";
import type { SceneLook, TapePlace } from "./layout/scene.ts";
import { cellLength, cellStart, type Ruler } from "./layout/tape.ts";
import type { ThingNode } from "./ServerNode.tsx";
import { selectLook, selectRuler, selectTapePlace, useScene } from "./scene-store.ts";
import { Thing } from "./Thing.tsx";

/** A stream: a tape of slots on a ruler of sequences, oldest first. */
export const StreamNode = memo(function StreamNode({ data }: NodeProps<ThingNode>) {
  const stream = useView(selectStream(data.id));
  const place = useScene(selectTapePlace(data.id));
  const ruler = useScene(selectRuler);
  const look = useScene(selectLook);
  const filter = useView(selectFilter);
  const trace = useView(selectDoubledTrace);
  const marks = useView(selectFeature("tape", data.id.replace("stream:", "marks:")));
  if (stream === undefined || place === undefined) return null;
  const tall = look === "tall";
  const width = tall ? place.depth : place.room;
  const height = tall ? place.room : place.depth;
  const isFaint = (cell: CellView) =>
    filter !== null && !isCountedCell(filter, stream.name, cell, doubledMessages(trace));
  const end = cellStart(stream.cells, stream.cells.length, ruler);
  return (
    <Thing id={data.id} name={`stream ${stream.name}`} className="stream">
      <svg width={width} height={height} aria-hidden="true">
        <Heading stream={stream} look={look} />
        {stream.cells.map((cell, index) => (
          <Slot
            // By place: a tape that moves on changes its numbers, not its elements.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above.
            key={index}
            cell={cell}
            stream={stream.name}
            at={cellStart(stream.cells, index, ruler)}
            ruler={ruler}
            place={place}
            tall={tall}
            faint={isFaint(cell)}
          />
        ))}
        {end + ruler.slot > place.room ? null : (
          <NextSlot stream={stream} at={end} ruler={ruler} place={place} tall={tall} look={look} />
        )}
        {marks === undefined ? null : (
          <TapeMarksDoor marks={marks} stream={stream} place={place} ruler={ruler} look={look} />
        )}
      </svg>
      <span className="vh">
        {countText(stream.messages)} messages, {stream.first} to {stream.last}
        {marks === undefined ? null : `. ${marks.say.join(". ")}`}
      </span>
    </Thing>
  );
});

function Heading({ stream, look }: { stream: StreamView; look: SceneLook }) {
  if (look === "tall") {
    return (
      <text x="0" y="-10" className="n halo">
        {stream.name}
      </text>
    );
  }
  return (
    <text x="-4" y="-22" className="n halo">
      <tspan className="title">{stream.name}</tspan>
      {look === "plain" ? (
        <tspan className="m s" dx="8">
          stream
        </tspan>
      ) : (
        <>
          <tspan className="m" dx="9">
            {stream.subjects}
          </tspan>
          <tspan className="m s" dx="9">
            {stream.note}
          </tspan>
        </>
      )}
    </text>
  );
}

interface SlotProps {
  readonly stream: string;
  readonly cell: CellView;
  readonly at: number;
  readonly ruler: Ruler;
  readonly place: TapePlace;
  readonly tall: boolean;
  /** The ledger's filter leaves it out. */
  readonly faint?: boolean;
}

export function Slot({ cell, stream, at, ruler, place, tall, faint = false }: SlotProps) {
  const length = cellLength(cell, ruler);
  const box = tall
    ? { x: 0, y: at, width: place.depth, height: length }
    : { x: at, y: 0, width: length, height: place.depth };
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 + 4.2 };
  const label = String(cell.from);
  const fits = tall || label.length * 7.3 <= length;
  if (cell.state === "none") return null;
  if (cell.state === "gone") return <GonePlace {...box} tall={tall} />;
  const message = cell.from === cell.to ? `message:${stream}/${cell.from}` : undefined;
  return (
    <g data-message={message} data-faint={faint || undefined}>
      <rect {...box} rx="4" className={`slot slot-${cell.state}`} />
      {cell.state === "parked" ? <rect {...box} rx="4" className="slot-hatch" /> : null}
      {cell.state === "broken" ? <Crack {...box} /> : null}
      {cell.from !== cell.to ? (
        <Merged cell={cell} {...box} tall={tall} />
      ) : fits ? (
        <text {...middle} className={cell.state === "dry" ? "c inv" : "c"}>
          {label}
        </text>
      ) : cell.from % 4 === 0 ? (
        <text x={middle.x} y={box.y - 8} className="c m halo">
          {label}
        </text>
      ) : null}
    </g>
  );
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function Merged({ cell, x, y, width, height, tall }: Box & { cell: CellView; tall: boolean }) {
  const bars = tall
    ? `M${x} ${y + height / 3}h${width}M${x} ${y + (2 * height) / 3}h${width}`
    : `M${x + width / 3} ${y}v${height}M${x + (2 * width) / 3} ${y}v${height}`;
  const words = `${cell.from}–${cell.to}`;
  return (
    <>
      <path d={bars} className="slot-bars" />
      {tall ? (
        <text x={x + width / 2} y={y + height / 2 + 4.2} className="c b halo">
          {words}
        </text>
      ) : (
        <text x={x + width / 2} y={y - 6} className="c m halo range">
          {words}
        </text>
      )}
    </>
  );
}

function Crack({ x, y, width, height }: Box) {
  const points = `M${x + width * 0.62} ${y}l${-width * 0.34} ${height * 0.36}l${width * 0.4} ${height * 0.2}l${-width * 0.3} ${height * 0.44}`;
  return <path d={points} className="slot-crack" />;
}

/** Deleted: the numbers go on without it. */
function GonePlace({ x, y, width, height, tall }: Box & { tall: boolean }) {
  const d = tall
    ? `M${x} ${y}v${height}M${x} ${y}h4M${x} ${y + height}h4`
    : `M${x} ${y + height}h${width}M${x} ${y + height}v-4M${x + width} ${y + height}v-4`;
  return <path d={d} className="slot-gone" />;
}

interface NextProps {
  readonly stream: StreamView;
  readonly at: number;
  readonly ruler: Ruler;
  readonly place: TapePlace;
  readonly tall: boolean;
  readonly look: SceneLook;
}

function NextSlot({ stream, at, ruler, place, tall, look }: NextProps) {
  const box = tall
    ? { x: 0, y: at, width: place.depth, height: ruler.slot }
    : { x: at, y: 0, width: ruler.slot, height: place.depth };
  const label = String(stream.last + 1);
  return (
    <g>
      <rect {...box} rx="4" className={stream.full ? "slot-full" : "slot-next"} />
      {look !== "plain" && (tall || label.length < 4) ? (
        <text x={box.x + box.width / 2} y={box.y + box.height / 2 + 4.2} className="c m">
          {label}
        </text>
      ) : null}
    </g>
  );
}
