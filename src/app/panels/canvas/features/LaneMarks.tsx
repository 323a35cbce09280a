/** Beside a lane: a pause, the steps of a backoff, who is pinned and who waits. */
import type {
  ConsumerView,
  GroupMarkView,
  LaneMarksView,
  StreamView,
} from "../../../../worker/frames.ts";
import { durationText } from "../../../parts/figures.ts";
import { type LanePlace, type SceneLook, takeSeats } from "../layout/scene.ts";
import { type Ruler, seqEdge } from "../layout/tape.ts";
import { PauseBars, Pin } from "./glyphs.tsx";

interface LaneMarksProps {
  readonly marks: LaneMarksView;
  readonly consumer: ConsumerView;
  readonly stream: StreamView;
  readonly place: LanePlace;
  readonly ruler: Ruler;
  readonly look: SceneLook;
  /** Scale of labels. */
  readonly k: number;
}

export function LaneMarks(props: LaneMarksProps) {
  const { marks, consumer, stream, ruler, look, k } = props;
  const isTall = look === "tall";
  const needle = seqEdge(stream.cells, consumer.needle, ruler);
  const y = isTall ? props.place.room + 18 : 60 + 18 * k;
  const x = isTall ? -40 : 0;
  return (
    <g className="lane-marks">
      {marks.paused === null ? null : isTall ? (
        <PauseBars x={29} y={needle + 27} />
      ) : (
        <PauseBars x={needle + 9} y={15} />
      )}
      {marks.group === null ? null : <Group group={marks.group} at={{ x, y }} k={k} />}
      {marks.backoff.length === 0 ? null : <Backoff {...props} />}
      {marks.backoff.length === 0 ? null : (
        <text x={x} y={marks.group === null ? y : y + 16 * k} className="m s halo">
          backoff {marks.backoff.map(durationText).join(", ")}
        </text>
      )}
    </g>
  );
}

interface GroupProps {
  readonly group: GroupMarkView;
  readonly at: { readonly x: number; readonly y: number };
  readonly k: number;
}

function Group({ group, at, k }: GroupProps) {
  const waiting = group.waiting.filter((one) => one.why !== "");
  const words = [
    group.pinned === null ? openWords[group.policy] : `pinned to ${nameOf(group.pinned.client)}`,
    ...waiting.slice(0, 2).map(({ client, why }) => `${nameOf(client)} waits: ${why}`),
    ...(waiting.length > 2 ? [`${waiting.length - 2} more wait`] : []),
  ];
  return (
    <>
      <Pin x={at.x + 6} y={at.y - 4} isHollow={group.pinned === null} />
      <text x={at.x + 16 * Math.max(1, k)} y={at.y} className="s halo">
        <tspan className="title">{group.name}</tspan>
        <tspan className="m s" dx="7">
          {words.join(" · ")}
        </tspan>
      </text>
    </>
  );
}

const openWords = {
  pinned_client: "nobody is pinned",
  overflow: "others help when it is behind",
  prioritized: "lowest number first",
} as const;

/** A pip a step on the left of each seat, those used up filled. */
function Backoff({ marks, consumer, place, look }: LaneMarksProps) {
  const seats = takeSeats(consumer, place);
  const origin =
    look === "tall" ? { x: place.x - 12, y: place.y } : { x: place.x, y: place.y - 20 };
  const steps = Math.min(marks.backoff.length, 6);
  return consumer.seats.map(({ seq, tries }) => {
    const seat = place.seats[seats.get(seq) ?? -1];
    if (seat === undefined) return null;
    const x = seat.x - origin.x - 31;
    const y = seat.y - origin.y + ((steps - 1) * 7) / 2;
    return Array.from({ length: steps }, (_, step) => (
      <rect
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have nothing but their number.
        key={`${seq} ${step}`}
        x={x}
        y={y - step * 7 - 2}
        width="5"
        height="4"
        rx="1"
        className={step < tries ? "pip full" : "pip"}
      />
    ));
  });
}

function nameOf(client: string | null): string {
  if (client === null) return "a client";
  const name = client.slice(client.indexOf(":") + 1);
  return name === "t1" ? "the terminal" : name;
}
