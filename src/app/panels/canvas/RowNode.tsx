/** One copy of a stream in a cluster: its member, and its slots on the common ruler. */
import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { NoteView, ReplicaView, StreamView } from "../../../worker/frames.ts";
import { countText } from "../../parts/figures.ts";
import { selectGroup } from "../../store/select-cluster.ts";
import { selectServer, selectStream } from "../../store/select-world.ts";
import { useView, type View } from "../../store/view.ts";
import { selectForm, selectRowPlace, selectWire } from "./cluster-store.ts";
import { selectFeature, TapeMarksDoor } from "./features/door.tsx";
import type { LaneForm, TapePlace } from "./layout/scene.ts";
import { cellStart, type Ruler, seqEdge } from "./layout/tape.ts";
import { MemberStatus, roleWords } from "./MemberStatus.tsx";
import type { ThingNode } from "./ServerNode.tsx";
import { Slot } from "./StreamNode.tsx";
import { selectRuler, selectTapePlace, useScene } from "./scene-store.ts";
import { Thing } from "./Thing.tsx";

export const RowNode = memo(function RowNode({ data }: NodeProps<ThingNode>) {
  const { id } = data;
  const row = useScene(selectRowPlace(id));
  const place = useScene(selectTapePlace(id));
  const ruler = useScene(selectRuler);
  const form = useScene(selectForm);
  const isOnly = useView(selectIsOnly);
  const stream = useView(selectStream(row?.stream ?? ""));
  const group = useView(selectGroup(row?.group ?? ""));
  // Of a copy that does not lead the slots say it all.
  const marks = useView(selectFeature("tape", id.replace("stream:", "marks:")));
  const server = useView(selectServer(row?.server ?? ""));
  if (row === undefined || place === undefined || stream === undefined) return null;
  const replica = stream.replicas.find((one) => one.server === row.server);
  const member = group?.members.find((one) => one.server === row.server);
  const isMain = id === stream.id;
  const serverName = row.server.slice(row.server.indexOf(":") + 1);
  const words = member === undefined ? "" : `, ${roleWords[member.state]}, term ${member.term}`;
  const cells = replica?.cells ?? stream.cells;
  const at = { x: row.status.x - place.x, y: row.status.y - place.y };
  const isUp = server?.state === "up" || server?.state === "lame-duck";
  return (
    <Thing
      id={id}
      name={isMain ? `stream ${stream.name}` : `${stream.name} on ${serverName}${words}`}
      className="stream row"
      role={isUp ? "up" : "still"}
    >
      <svg width={place.room} height={place.depth} aria-hidden="true">
        <rect
          x="-8"
          y="-8"
          width={place.room + 16}
          height={place.depth + 16}
          className="row-ground"
        />
        {isMain && (isOnly || form !== "slim") ? (
          <Heading stream={stream} place={place} form={form} notes={marks?.notes ?? []} />
        ) : isOnly ? null : (
          <RowName name={stream.name} place={place} form={form} />
        )}
        {group === undefined || member === undefined ? null : (
          <MemberStatus group={group} member={member} at={at} form={form} />
        )}
        <g className="row-tape">
          <path d={`M0 ${place.depth + 3.5}H${place.room}`} className="hairline" />
          {cells.map((cell, index) => (
            <Slot
              // By place: a tape that moves on changes its numbers, not its elements.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above.
              key={index}
              cell={cell}
              stream={stream.name}
              at={cellStart(cells, index, ruler)}
              ruler={ruler}
              place={place}
              tall={false}
            />
          ))}
          {marks === undefined ? null : (
            <TapeMarksDoor marks={marks} stream={stream} place={place} ruler={ruler} look="lanes" />
          )}
        </g>
        {isOnly && !isMain ? null : (
          <CommitWire stream={stream} place={place} ruler={ruler} isOnly={isOnly} />
        )}
        {replica === undefined || form === "dense" || !isOnly ? null : (
          <text x="0" y={place.depth + 20} className="m row-words">
            {depthWords(replica)}
          </text>
        )}
        {replica === undefined ? null : (
          <EndWords
            replica={replica}
            broken={stream.broken}
            at={cellStart(cells, cells.length, ruler)}
            place={place}
          />
        )}
      </svg>
      <span className="vh">
        {replica === undefined
          ? `${countText(stream.messages)} messages`
          : `log to ${replica.last}, committed ${replica.committed}, applied ${replica.applied}, synced ${replica.synced}`}
        {marks === undefined ? null : `. ${marks.say.join(". ")}`}
      </span>
    </Thing>
  );
});

interface HeadingProps {
  readonly stream: StreamView;
  readonly place: TapePlace;
  readonly form: LaneForm;
  readonly notes: readonly NoteView[];
}

/** Of the words behind a name, at 12 pixels; and what a name and its gaps take. */
const letterWidth = 6.6;
const nameRoom = 150;

/** What happens to messages on their way in and out, as far as there is room for it. */
function fittingNotes({ stream, place, notes }: Omit<HeadingProps, "form">): string {
  const text = notes.map((note) => note.text).join(" · ");
  const used = stream.subjects.length + stream.note.length;
  const most = Math.floor((place.room - nameRoom) / letterWidth) - used;
  if (text === "" || most < 8) return "";
  return ` · ${text.length > most ? `${text.slice(0, most - 1)}…` : text}`;
}

function Heading({ stream, place, form, notes }: HeadingProps) {
  const [first] = stream.cells;
  if (form === "slim") {
    return (
      <text x="0" y={26 - place.y} className="n halo">
        <tspan className="title">{stream.name}</tspan>
        <tspan className={stream.led ? "m s" : "s trouble"} dx="9">
          {stream.led ? stream.note : "no leader"}
        </tspan>
      </text>
    );
  }
  // The range of a merged slot stands over it.
  const isMerged = first !== undefined && first.from !== first.to;
  return (
    <text x={isMerged ? 48 : -2} y={form === "dense" ? -4 : -12} className="n halo">
      <tspan className="title">{stream.name}</tspan>
      {form === "dense" ? null : (
        <>
          <tspan className="m" dx="9">
            {stream.subjects}
          </tspan>
          <tspan className="m s" dx="9">
            {stream.note}
            {fittingNotes({ stream, place, notes })}
          </tspan>
        </>
      )}
      {stream.led ? null : (
        <tspan className="s trouble" dx="9">
          no leader
        </tspan>
      )}
    </text>
  );
}

/** Of a copy, where several streams share the lanes. */
function RowName({
  name,
  place,
  form,
}: Pick<HeadingProps, "place" | "form"> & { readonly name: string }) {
  const isSlim = form === "slim";
  return (
    <text x={isSlim ? place.room : -2} y={isSlim ? -8 : -5} className={isSlim ? "s m e" : "s m"}>
      {name}
    </text>
  );
}

interface WireProps {
  readonly stream: StreamView;
  readonly place: TapePlace;
  readonly ruler: Ruler;
  readonly isOnly: boolean;
}

/** Words under a tape begin at its left end and are about this long. */
const wordsRoom = 150;

/** A quorum has what is left of it. It crosses all copies, or its own where streams are many. */
function CommitWire({ stream, place, ruler, isOnly }: WireProps) {
  const wire = useScene(selectWire(stream.id));
  if (wire === undefined || stream.group === "" || stream.committed === 0) return null;
  const x = seqEdge(stream.cells, stream.committed, ruler);
  const [from, to] = isOnly ? [wire.from - place.y, wire.to - place.y] : [-6, place.depth + 6];
  return (
    <g className="commit-wire">
      <path d={`M${x} ${from}V${to}`} />
      {isOnly ? (
        <text x={Math.max(x - 32, wordsRoom)} y={to + 12} className="halo">
          commit {stream.committed}
        </text>
      ) : null}
    </g>
  );
}

interface EndWordsProps {
  readonly replica: ReplicaView;
  readonly broken: number;
  readonly at: number;
  readonly place: TapePlace;
}

/** Beside the last slot: what is in the log without a quorum, or was promised and is gone. */
function EndWords({ replica: { last, committed }, broken, at, place }: EndWordsProps) {
  const isOpen = last > committed;
  if ((!isOpen && broken === 0) || place.room - at < 92) return null;
  const open = last - committed === 1 ? `${last}` : `${committed + 1}–${last}`;
  const tone = isOpen ? "m s" : "s trouble";
  return (
    <text x={at + 6} y={place.depth / 2 - 3} className={`${tone} row-words`}>
      {isOpen ? `${open} appended,` : `${countText(broken)} promised,`}
      <tspan x={at + 6} dy="15" className={tone}>
        {isOpen ? "not committed" : "then gone"}
      </tspan>
    </text>
  );
}

const selectIsOnly = (view: View) => view.streams.size < 2;

/** What its slots mean, where they mean different things. */
function depthWords(replica: ReplicaView): string {
  const { committed, applied, synced } = replica;
  const words: string[] = [];
  if (applied > 0) words.push(syncWords(applied, synced));
  if (committed > applied) words.push(`applied to ${applied}`);
  return words.join(" · ");
}

function syncWords(applied: number, synced: number): string {
  if (synced >= applied) return "all synced";
  return synced === 0 ? "written, not synced" : `synced to ${synced}`;
}
