/** Beside the slots of a tape: who holds them, markers, schedules, batches, notes. */
import type {
  NoteView,
  SlotMarkView,
  StreamView,
  TapeMarksView,
} from "../../../../worker/frames.ts";
import type { SceneLook, TapePlace } from "../layout/scene.ts";
import type { Ruler } from "../layout/tape.ts";
import { Clock, FallingEdge, Inlet, Stone } from "./glyphs.tsx";
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
      {marks.inlet === null ? null : (
        <g className="copy" data-state={marks.inlet}>
          <Inlet {...(isTall ? { x: Math.min(place.depth, 54) + 4, y: 12 } : { x: -6, y: 19 })} />
        </g>
      )}
      <Holders slots={marks.slots} boxes={boxes} isTall={isTall} />
      {marks.slots.filter(isSpecial).map((slot) => {
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
      {look === "lanes" ? null : <Notes notes={marks.notes} look={look} room={place.room} />}
    </g>
  );
}

const isSpecial = ({ stone, due }: SlotMarkView) => stone !== "" || due !== null;

interface SlotMarkProps {
  readonly slot: SlotMarkView;
  readonly box: SlotBox;
  readonly isTall: boolean;
}

function SlotMark({ slot, box, isTall }: SlotMarkProps) {
  const { x, y, width, height } = box;
  const foot = isTall
    ? { x: x + width - 11, y: y + height - 6 }
    : { x: x + width / 2, y: height - 4 };
  const lip = isTall ? { x: x + width, y: y + height / 2 } : { x: x + width / 2, y: height };
  return (
    <>
      {slot.stone === "" ? null : <Stone {...foot} />}
      {slot.due === null ? null : <Clock {...lip} />}
    </>
  );
}

interface HoldersProps {
  readonly slots: readonly SlotMarkView[];
  readonly boxes: ReadonlyMap<number, SlotBox>;
  readonly isTall: boolean;
}

/** One dot a consumer, in the order of their lanes. As paths: a busy tape moves on all the time. */
function Holders({ slots, boxes, isTall }: HoldersProps) {
  const paths = { acked: "", waits: "", ackedOnSolid: "", waitsOnSolid: "" };
  for (const { held, seq } of slots) {
    const box = boxes.get(seq);
    if (held === "" || box === undefined) continue;
    const acked = box.isSolid ? "ackedOnSolid" : "acked";
    const waits = box.isSolid ? "waitsOnSolid" : "waits";
    if (held.length > dotsMost) {
      const done = [...held].filter((one) => one === "a").length / held.length;
      paths[waits] += bar(box, isTall, 1);
      paths[acked] += bar(box, isTall, done);
      continue;
    }
    for (let index = 0; index < held.length; index += 1) {
      const at = dotAt(box, isTall, held.length, index);
      if (held[index] === "a") paths[acked] += dot(at, 2.6);
      else if (held[index] === "w") paths[waits] += dot(at, 2.1);
    }
  }
  return (
    <>
      <path d={paths.acked} className="dot-acked" />
      <path d={paths.waits} className="dot-waits" />
      <path d={paths.ackedOnSolid} className="dot-acked on-solid" />
      <path d={paths.waitsOnSolid} className="dot-waits on-solid" />
    </>
  );
}

function dotAt({ x, y, width, height }: SlotBox, isTall: boolean, count: number, index: number) {
  const pitch = count > 3 ? 5 : 6.5;
  return isTall
    ? { x: x + 6 + index * pitch, y: y + height / 2 }
    : { x: x + width / 2 + (index - (count - 1) / 2) * pitch, y: height - 6 };
}

function dot({ x, y }: { readonly x: number; readonly y: number }, r: number): string {
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
}

/** The share of many consumers that have acked. */
function bar({ x, y, width, height }: SlotBox, isTall: boolean, share: number): string {
  const at = isTall ? `M${x + 4} ${y + height - 5}` : `M${x + 3} ${height - 6}`;
  const room = (isTall ? 20 : width - 6) * share;
  return `${at}h${room}v3h${-room}z`;
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
    <text x={isTall ? 0 : -4} y={isTall ? -10 : -22} className="m s halo note">
      {text.length > most ? `${text.slice(0, most - 1)}…` : text}
    </text>
  );
}
