import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { ConsumerView, StreamView } from "../../../worker/frames.ts";
import { countText, shortText } from "../../parts/figures.ts";
import { selectConsumer, selectStream } from "../../store/select-world.ts";
import { useView } from "../../store/view.ts";
import { labelScale } from "./draw/brush.ts";
import { LaneMarksDoor, selectFeature } from "./features/door.tsx";
import { type LanePlace, type SceneLook, takeSeats } from "./layout/scene.ts";
import { type Ruler, seqEdge, seqMiddle } from "./layout/tape.ts";
import type { ThingNode } from "./ServerNode.tsx";
import { selectLanePlace, selectLook, selectRuler, selectZoom, useScene } from "./scene-store.ts";
import { Thing } from "./Thing.tsx";

interface LaneProps {
  readonly consumer: ConsumerView;
  readonly stream: StreamView;
  readonly place: LanePlace;
  readonly ruler: Ruler;
  readonly look: SceneLook;
  /** Scale of labels. */
  readonly k: number;
}

/** A consumer: a lane on the ruler of its stream, a needle, a floor, and seats at the edge. */
export const ConsumerNode = memo(function ConsumerNode({ data }: NodeProps<ThingNode>) {
  const consumer = useView(selectConsumer(data.id));
  const stream = useView(selectStream(consumer?.stream ?? ""));
  const place = useScene(selectLanePlace(data.id));
  const ruler = useScene(selectRuler);
  const look = useScene(selectLook);
  const zoom = useScene(selectZoom);
  const marks = useView(selectFeature("lane", data.id.replace("consumer:", "lane:")));
  if (consumer === undefined || stream === undefined || place === undefined) return null;
  const props = { consumer, stream, place, ruler, look, k: labelScale(zoom) };
  const tall = look === "tall";
  return (
    <Thing
      id={data.id}
      name={`consumer ${stream.name}/${consumer.name}`}
      className="consumer"
      role={consumer.paused ? "paused" : "running"}
    >
      <svg width={tall ? 24 : place.room} height={tall ? place.room : 40} aria-hidden="true">
        {tall ? <TallLane {...props} /> : <WideLane {...props} />}
        <Seats {...props} />
        {tall ? <TallLabels {...props} /> : null}
        {marks === undefined ? null : <LaneMarksDoor {...props} marks={marks} />}
      </svg>
      <span className="vh">{[sayConsumer(consumer), ...(marks?.say ?? [])].join(". ")}</span>
    </Thing>
  );
});

function sayConsumer(consumer: ConsumerView): string {
  const { needle, floor, waiting } = consumer;
  return `needle ${needle}, floor ${floor}, ${seatsText(consumer)}, ${waiting} waiting`;
}

/** Who waits for no acks has no seats; a limit below 0 is none. */
function seatsText({ taken, limit }: ConsumerView): string {
  if (limit === 0) return "no acks, no seats";
  if (limit < 0) return `${countText(taken)} seats taken, no limit`;
  return `${countText(taken)} of ${countText(limit)} seats taken`;
}

/** Of the monospace, at 12 pixels. */
const digitWidth = 7.3;

/** What is said beside the name, as far as it ends before the seats begin. */
function fitting({ name, note }: ConsumerView, room: number, k: number): string {
  const left = room + 24 - (name.length * 9 + 11) * k;
  const words = note.split(" · ");
  while (words.length > 0 && words.join(" · ").length * 6.3 * k > left) words.pop();
  return words.join(" · ");
}

/** A needle at the beginning of the tape stands before the name, not on its first letter. */
function nameStart(needleX: number): number {
  return needleX < 8 ? needleX + 8 : -4;
}

/** Origin: the start of the lane, 20 pixels above its line. */
function WideLane({ consumer, stream, place, ruler, look, k }: LaneProps) {
  const cells = stream.cells;
  const floorX = consumer.floor === 0 ? 0 : Math.max(0, seqEdge(cells, consumer.floor, ruler));
  const needleX = seqEdge(cells, consumer.needle, ruler);
  const top = place.tape.y - place.y + 20;
  const acked = consumer.acked.length;
  const between = (floorX + needleX) / 2;
  const floorText = `floor ${consumer.floor}`;
  const needleText = `needle ${consumer.needle}`;
  const half = (needleText.length * digitWidth * k) / 2;
  // Side by side only when the needle's label ends well behind the floor's; else on two lines.
  const isCrowded = needleX - half < (floorText.length + 1) * digitWidth * k;
  return (
    <>
      <path d={`M0 20H${Math.min(place.room, needleX + 24)}`} className="hairline" />
      {consumer.floor > 0 ? <path d={`M0 20H${floorX}`} className="floor" /> : null}
      <path d={`M${floorX} 13v14`} className="floor tick" />
      <text x="0" y="42" className={look === "plain" ? "m reading" : "reading"}>
        {floorText}
      </text>
      <AckedDots consumer={consumer} stream={stream} ruler={ruler} />
      {acked > 3 && needleX - floorX > 220 ? (
        <text x={between} y="42" className="m s c">
          acked above the floor
        </text>
      ) : null}
      <g className="needle" data-at={consumer.needle}>
        <path d={`M${needleX} ${top - 8}V34`} />
        <path d={`M${needleX - 6} ${top - 16}h12l-6 10z`} />
      </g>
      <text x={nameStart(needleX)} y="-6" className="n halo">
        <tspan className="title">{consumer.name}</tspan>
        <tspan className="m s" dx="7">
          {look === "plain" ? "consumer" : fitting(consumer, place.room, k)}
        </tspan>
      </text>
      <text
        x={isCrowded ? Math.max(needleX, half) : needleX}
        y={isCrowded ? 42 + 17 * k : 50}
        className={look === "plain" ? "c m halo reading" : "c halo reading"}
      >
        {needleText}
      </text>
    </>
  );
}

function AckedDots({ consumer, stream, ruler }: Pick<LaneProps, "consumer" | "stream" | "ruler">) {
  return consumer.acked.map((seq) => {
    const x = seqMiddle(stream.cells, seq, ruler);
    return x === null ? null : <circle key={seq} cx={x} cy="20" r="4.5" className="acked" />;
  });
}

/** Origin: the start of the lane, 12 pixels left of its line. */
function TallLane({ consumer, stream, place, ruler }: LaneProps) {
  const cells = stream.cells;
  const floorY = consumer.floor === 0 ? 0 : Math.max(0, seqEdge(cells, consumer.floor, ruler));
  const needleY = seqEdge(cells, consumer.needle, ruler);
  const left = place.tape.x - place.x + 12;
  const isShort = consumer.name.length < 4;
  return (
    <>
      {/* A long name would else run back over that of the tape. */}
      <text x={isShort ? 12 : 4} y="-10" className={isShort ? "n c halo" : "n halo"}>
        {shortened(consumer.name)}
      </text>
      <path d={`M12 0V${Math.min(place.room, needleY + 24)}`} className="hairline" />
      {consumer.floor > 0 ? <path d={`M12 0V${floorY}`} className="floor" /> : null}
      <path d={`M5 ${floorY}h14`} className="floor tick" />
      {consumer.acked.map((seq) => {
        const y = seqMiddle(cells, seq, ruler);
        return y === null ? null : <circle key={seq} cx="12" cy={y} r="4.5" className="acked" />;
      })}
      <g className="needle" data-at={consumer.needle}>
        <path d={`M${left - 6} ${needleY}H24`} />
        <path d={`M${left - 15} ${needleY - 6}v12l10 -6z`} />
      </g>
    </>
  );
}

function shortened(name: string): string {
  return name.length <= 14 ? name : `${name.slice(0, 13)}…`;
}

/** Over the seats, which stand close to the lane on a narrow canvas. */
function TallLabels({ consumer, stream, ruler }: LaneProps) {
  const floorY =
    consumer.floor === 0 ? 0 : Math.max(0, seqEdge(stream.cells, consumer.floor, ruler));
  const needleY = seqEdge(stream.cells, consumer.needle, ruler);
  // Below the name, which stands where the tape begins.
  const floorAt = Math.max(floorY - 4, 10);
  return (
    <>
      <text x="24" y={floorAt} className="halo">
        floor {consumer.floor}
      </text>
      <text x="24" y={Math.max(needleY + 18, floorAt + 17)} className="halo">
        needle {consumer.needle}
      </text>
    </>
  );
}

/** Rings stand still here; the painter drains them. */
function Seats({ consumer, stream, place, ruler, look }: LaneProps) {
  const seats = takeSeats(consumer, place);
  const taken = new Map([...seats].map(([seq, index]) => [index, seq]));
  const origin =
    look === "tall" ? { x: place.x - 12, y: place.y } : { x: place.x, y: place.y - 20 };
  const radius = look === "tall" ? 18 : look === "plain" ? 20 : 19;
  const last = place.seats[place.seats.length - 1];
  const shut = consumer.taken >= consumer.limit;
  return (
    <g>
      <HoleLine consumer={consumer} stream={stream} place={place} ruler={ruler} look={look} />
      {place.seats.map((seat, index) => {
        const seq = taken.get(index);
        const x = seat.x - origin.x;
        const y = seat.y - origin.y;
        if (seq === undefined) {
          return <circle key={`${seat.x} ${seat.y}`} cx={x} cy={y} r="14" className="seat-free" />;
        }
        const tries = consumer.seats.find((s) => s.seq === seq)?.tries ?? 1;
        return (
          <g key={`${seat.x} ${seat.y}`}>
            <circle cx={x} cy={y} r={radius + 5} className="seat-ground" />
            <circle cx={x} cy={y} r={radius} className="ring-ground" />
            <text x={x} y={y + 5} className={seq < 1000 ? "c b seat-number" : "c b"}>
              {seq}
            </text>
            {tries > 1 ? (
              <>
                <rect x={x + 12} y={y - 22} width="26" height="16" rx="8" className="again" />
                <text x={x + 25} y={y - 9.8} className="c inv">
                  ×{tries}
                </text>
              </>
            ) : null}
          </g>
        );
      })}
      {last === undefined || look === "plain" ? null : (
        <text
          x={last.x - origin.x + (look === "tall" ? 142 : 0)}
          y={last.y - origin.y + (look === "tall" ? 60 : 80)}
          className={`s halo ${look === "tall" ? "e m" : "c"} ${shut ? "b" : ""}`}
        >
          {seatsText(consumer)}
        </text>
      )}
    </g>
  );
}

/** A dotted leader ties the hole in the floor to its seat. */
function HoleLine({ consumer, stream, place, ruler, look }: Omit<LaneProps, "k">) {
  const hole = consumer.seats.find((seat) => seat.seq === consumer.floor + 1);
  if (hole === undefined) return null;
  const along = seqMiddle(stream.cells, hole.seq, ruler);
  const index = takeSeats(consumer, place).get(hole.seq);
  const seat = index === undefined ? undefined : place.seats[index];
  if (along === null || seat === undefined) return null;
  if (look === "tall") {
    const from = { x: 21, y: along };
    const to = { x: seat.x - place.x + 12 - 26, y: seat.y - place.y };
    const d =
      Math.abs(from.y - to.y) < 3
        ? `M${from.x} ${from.y}H${to.x}`
        : `M${from.x} ${from.y}C${from.x + 31} ${from.y} ${to.x - 34} ${to.y} ${to.x} ${to.y}`;
    return <path d={d} className="leader-line" />;
  }
  const y = seat.y - place.y + 20;
  const end = seat.x - place.x - 28;
  const needle = seqEdge(stream.cells, consumer.needle, ruler);
  if (Math.abs(y - 20) < 3) {
    return <path d={`M${needle + 32} 20H${end}`} className="leader-line faint" />;
  }
  if (y < 60) return null;
  return (
    <>
      <path
        d={`M${along} 29V${y - 40}Q${along} ${y} ${along + 40} ${y}H${end}`}
        className="leader-line"
      />
      <text x={along + 47} y={y - 9} className="s m halo">
        not acked since {shortText(hole.armed)}
      </text>
    </>
  );
}
