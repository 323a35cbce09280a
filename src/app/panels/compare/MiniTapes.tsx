/** A stream as one side of a comparison has it: a small tape for each server, and who leads. */
import type { ComparedView } from "../../../worker/api.ts";
import type { CellView, ReplicaView, StreamView } from "../../../worker/frames.ts";
import { countText } from "../../parts/figures.ts";
import { Mark } from "../../parts/Mark.tsx";
import { cellLength, cellStart, type Ruler, seqEdge } from "../canvas/layout/tape.ts";

const ruler: Ruler = { slot: 12, merged: 26, gap: 3 };
const depth = 18;
const roleMarks = {
  leader: "crown",
  stale: "crown-hollow",
  candidate: "hand",
  follower: "follow",
  down: "dead",
};

interface MiniTapesProps {
  readonly side: ComparedView;
  readonly stream: StreamView;
  readonly room: number;
}

type Row = Pick<ReplicaView, "id" | "server" | "cells" | "last" | "synced">;

export function MiniTapes({ side, stream, room }: MiniTapesProps) {
  const rows: readonly Row[] =
    stream.replicas.length > 0 ? stream.replicas : [{ ...stream, synced: stream.last }];
  const group = side.groups.find((one) => one.id === stream.group);
  return (
    <section className="compare-stream">
      <h3>
        {stream.name}{" "}
        <span className="mut">
          {stream.note} · {countText(stream.messages)} messages
          {stream.led ? "" : " · "}
        </span>
        {stream.led ? null : <span className="trouble">no leader</span>}
      </h3>
      {rows.map((row) => {
        const server = side.servers.find((one) => one.id === row.server);
        const member = group?.members.find((one) => one.server === row.server);
        const isUp = server?.state === "up";
        const state = isUp ? (member?.state ?? "leader") : "down";
        return (
          <div key={row.id} className="compare-row" data-up={isUp}>
            <span className="compare-name" title={member === undefined ? "" : state}>
              <Mark name={roleMarks[state]} />
              {server?.name ?? ""}
            </span>
            <MiniTape row={row} stream={stream} room={room - 60} />
          </div>
        );
      })}
    </section>
  );
}

function MiniTape({
  row,
  stream,
  room,
}: {
  readonly row: Row;
  readonly stream: StreamView;
  readonly room: number;
}) {
  const { cells } = row;
  const wire = seqEdge(cells, stream.committed, ruler);
  const first = cells[0]?.from ?? 0;
  return (
    <svg width={Math.max(40, room)} height={depth + 4} role="img" aria-label={tapeWords(row)}>
      {cells.map((cell, index) => (
        <Slot key={cell.from} cell={cell} at={cellStart(cells, index, ruler)} />
      ))}
      {stream.group !== "" && stream.committed >= first ? (
        <path d={`M${wire} 0V${depth + 4}`} className="compare-wire" />
      ) : null}
    </svg>
  );
}

function Slot({ cell, at }: { readonly cell: CellView; readonly at: number }) {
  if (cell.state === "none" || cell.state === "gone") return null;
  const width = cellLength(cell, ruler);
  const third = width / 3;
  return (
    <g>
      <title>{cell.from === cell.to ? cell.from : `${cell.from}–${cell.to}`}</title>
      <rect
        x={at + 0.6}
        y="2"
        width={width - 1.2}
        height={depth}
        rx="3"
        className={`slot slot-${cell.state}`}
      />
      {cell.from === cell.to ? null : (
        <path d={`M${at + third} 2v${depth}M${at + 2 * third} 2v${depth}`} className="slot-bars" />
      )}
      {cell.state === "broken" ? (
        <path d={`M${at + 8} 2l-4 7 4.5 3-3.5 8`} className="slot-crack" />
      ) : null}
    </g>
  );
}

function tapeWords({ cells, last, synced }: Row): string {
  const broken = cells.filter((cell) => cell.state === "broken").length;
  const gone = broken === 0 ? "" : `, ${broken} promised and gone`;
  return `up to ${last}, synced to ${synced}${gone}`;
}
