/** Beside the slots of a tape: who holds them, markers, schedules, batches, notes. */
import type {
  NoteView,
  SlotMarkView,
  StreamView,
  TapeMarksView,
} from "../../../../worker/frames.ts";
import type { SceneLook, TapePlace } from "../layout/scene.ts";
import type { Ruler } from "../layout/tape.ts";
import { Clock, FallingEdge, Stone } from "./glyphs.tsx";
import { type SlotBox, slotBoxes } from "./slot-boxes.ts";

interface TapeMarksProps {
  readonly marks: TapeMarksView;
  readonly stream: StreamView;
  readonly place: TapePlace;
  readonly ruler: Ruler;
  readonly look: SceneLook;
}

/** More consumers than this are a share of a bar. */
const dotsMost = 4;

export function TapeMarks({ marks, stream, place, ruler, look }: TapeMarksProps) {
  const isTall = look === "tall";
  const boxes = slotBoxes(stream.cells, ruler, place, isTall);
  const parked = marks.slots.find((slot) => slot.parked !== "");
  const parkedBox = parked === undefined ? undefined : boxes.get(parked.seq);
  return (
    <g className="tape-marks">
      {marks.edge === "" ? null : <FallingEdge isTall={isTall} />}
      {marks.slots.map((slot) => {
        const box = boxes.get(slot.seq);
        return box === undefined ? null : (
          <SlotMark key={slot.seq} slot={slot} box={box} isTall={isTall} />
        );
      })}
      <Batches slots={marks.slots} boxes={boxes} isTall={isTall} />
      {parkedBox === undefined ? null : (
        <text
          x={isTall ? parkedBox.x + parkedBox.width + 6 : parkedBox.x - 2}
          y={isTall ? parkedBox.y + parkedBox.height / 2 + 4 : parkedBox.height + 15}
          className="s m halo"
        >
          parked
        </text>
      )}
      <Notes notes={marks.notes} look={look} room={place.room} />
    </g>
  );
}

interface SlotMarkProps {
  readonly slot: SlotMarkView;
  readonly box: SlotBox;
  readonly isTall: boolean;
}

function SlotMark({ slot, box, isTall }: SlotMarkProps) {
  const { x, y, width, height, isSolid } = box;
  const foot = isTall
    ? { x: x + width - 11, y: y + height - 6 }
    : { x: x + width / 2, y: height - 4 };
  const lip = isTall ? { x: x + width, y: y + height / 2 } : { x: x + width / 2, y: height };
  return (
    <g data-solid={isSolid || undefined} data-held={slot.held || undefined}>
      <Holders held={slot.held} box={box} isTall={isTall} />
      {slot.stone === "" ? null : <Stone {...foot} />}
      {slot.due === null ? null : <Clock {...lip} />}
    </g>
  );
}

/** One dot a consumer, in the order of their lanes. */
function Holders({ held, box, isTall }: { held: string; box: SlotBox; isTall: boolean }) {
  const { x, y, width, height } = box;
  if (held === "") return null;
  if (held.length > dotsMost) {
    const done = [...held].filter((one) => one === "a").length / held.length;
    const bar = isTall ? { x: x + 4, y: y + height - 5 } : { x: x + 3, y: height - 6 };
    const room = isTall ? 20 : width - 6;
    return (
      <>
        <rect {...bar} width={room} height="3" className="dot-waits" />
        <rect {...bar} width={room * done} height="3" className="dot-acked" />
      </>
    );
  }
  const dotPitch = held.length > 3 ? 5 : 6.5;
  const first = isTall ? x + 6 : x + width / 2 - ((held.length - 1) * dotPitch) / 2;
  const cy = isTall ? y + height / 2 : height - 6;
  return [...held].map((one, index) =>
    one === "-" ? null : (
      <circle
        // By consumer: each has its place.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above.
        key={index}
        cx={first + index * dotPitch}
        cy={cy}
        r={one === "a" ? 2.6 : 2.1}
        className={one === "a" ? "dot-acked" : "dot-waits"}
      />
    ),
  );
}

interface BatchesProps {
  readonly slots: readonly SlotMarkView[];
  readonly boxes: ReadonlyMap<number, SlotBox>;
  readonly isTall: boolean;
}

/** A bracket over what was stored together. */
function Batches({ slots, boxes, isTall }: BatchesProps) {
  const spans = new Map<string, { first: SlotBox; last: SlotBox }>();
  for (const { batch, seq } of slots) {
    const box = boxes.get(seq);
    if (batch === "" || box === undefined) continue;
    spans.set(batch, { first: spans.get(batch)?.first ?? box, last: box });
  }
  return [...spans].map(([batch, { first, last }]) => {
    const d = isTall
      ? `M-3 ${first.y + 1}h-4V${last.y + last.height - 1}h4`
      : `M${first.x + 1} -3v-4H${last.x + last.width - 1}v4`;
    return <path key={batch} d={d} className="batch" />;
  });
}

/** Of a note, at 12 pixels. */
const letterWidth = 6.4;
/** Letters that fit on a narrow canvas. */
const narrowMost = 44;

interface NotesProps {
  readonly notes: readonly NoteView[];
  readonly look: SceneLook;
  readonly room: number;
}

/** One line over the name of the tape. */
function Notes({ notes, look, room }: NotesProps) {
  if (notes.length === 0) return null;
  const text = notes.map((note) => note.text).join(" · ");
  const isTall = look === "tall";
  const most = isTall ? narrowMost : Math.floor((room - 55) / letterWidth);
  return (
    <text x={isTall ? 0 : -4} y={isTall ? -28 : -41} className="m s halo">
      {text.length > most ? `${text.slice(0, most - 1)}…` : text}
    </text>
  );
}
