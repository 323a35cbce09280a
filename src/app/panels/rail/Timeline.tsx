/** The rail itself: yours, theirs, promises; what is armed stands right of the playhead. */
import {
  type KeyboardEvent,
  memo,
  type PointerEvent,
  useMemo,
  useRef,
  useState,
  type WheelEvent,
} from "react";
import type { BranchView, MarkView, TimerView } from "../../../worker/frames.ts";
import { seek } from "../../actions/transport.ts";
import { clockText, minuteText } from "../../parts/figures.ts";
import { useElementSize } from "../../parts/useElementSize.ts";
import { useThrottled } from "../../parts/useThrottled.ts";
import { selectBranches } from "../../store/select-branch.ts";
import { selectMarks, selectTimers } from "../../store/select-rail.ts";
import { selectMillis } from "../../store/select-world.ts";
import { selectEnd } from "../../store/session.ts";
import { useView } from "../../store/view.ts";
import { OneMark } from "./OneMark.tsx";
import { axisTicks, clusterMarks, type RailWindow, windowAround } from "./window.ts";

const lanes = ["yours", "theirs", "promises"] as const;
const labelWidth = 70;
const rightMargin = 24;
/** The playhead moves a pixel or two at a time. */
const smoothMs = 50;

export function Timeline({ lanes: count }: { lanes: 1 | 3 }) {
  const [ref, size] = useElementSize<HTMLDivElement>();
  const [span, setSpan] = useState(10e9);
  const millis = useThrottled(selectMillis, smoothMs);
  const end = useView(selectEnd);
  const at = millis * 1e6;
  const left = count === 3 ? labelWidth : 28;
  const width = Math.max(1, size.width - left - rightMargin);
  const held = useRef<RailWindow | null>(null);
  held.current = windowAround(held.current, { at, span, width, left });
  const rail = held.current;
  const goTo = (event: PointerEvent<HTMLElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    seekSoon(Math.max(0, rail.from + (x - left) / rail.scale));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = keyTarget(event, useView.getState().at, end);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    seekSoon(Math.max(0, to));
  };
  const onWheel = (event: WheelEvent) => {
    const next = span * (event.deltaY > 0 ? 1.25 : 0.8);
    setSpan(Math.max(1e9, Math.min(24 * 3600e9, next)));
  };
  return (
    <div
      ref={ref}
      className="timeline"
      role="slider"
      aria-label="Moment"
      aria-valuemin={0}
      aria-valuemax={Math.round(Math.max(end, at) / 1e6)}
      aria-valuenow={millis}
      aria-valuetext={clockText(at)}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onWheel={onWheel}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        goTo(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) goTo(event);
      }}
    >
      {size.width === 0 ? null : (
        <RailPicture rail={rail} at={at} end={end} width={size.width} rows={count} />
      )}
    </div>
  );
}

function keyTarget(event: KeyboardEvent, at: number, end: number): number | null {
  const by = event.shiftKey ? 1e9 : 100e6;
  const targets: Record<string, number> = {
    ArrowLeft: at - by,
    ArrowRight: at + by,
    PageUp: at - 10e9,
    PageDown: at + 10e9,
    Home: 0,
    End: end,
  };
  return targets[event.key] ?? null;
}

let wanted: number | null = null;
let seeking = false;

/** Scrubbing asks for more moments than can be shown: the newest wish wins. */
function seekSoon(at: number): void {
  wanted = at;
  if (seeking) return;
  seeking = true;
  void (async () => {
    while (wanted !== null) {
      const next = wanted;
      wanted = null;
      await seek(next);
    }
    seeking = false;
  })();
}

interface RailPictureProps {
  readonly rail: RailWindow;
  readonly at: number;
  readonly end: number;
  readonly width: number;
  readonly rows: 1 | 3;
}

function RailPicture({ rail, at, end, width, rows }: RailPictureProps) {
  const told = useView(selectMarks);
  const branches = useView(selectBranches);
  const marks = useMemo(() => withForks(told, branches), [told, branches]);
  const lasts = [...marks.values()].some(isOpenBand);
  const timers = useView(selectTimers);
  const right = width - rightMargin;
  const x = (time: number) => rail.left + (time - rail.from) * rail.scale;
  const now = x(at);
  const axisY = rows === 3 ? 64 : 21;
  const known = Math.min(right, Math.max(now, x(end)));
  return (
    <svg width={width} height={rows === 3 ? 82 : 44} aria-hidden="true">
      {rows === 3 ? <LaneLines left={rail.left} right={right} /> : null}
      <path d={`M${rail.left} ${axisY}H${known}`} className="axis" />
      <path d={`M${known} ${axisY}H${right}`} className="axis-open" />
      {axisTicks(rail).map((time) => (
        <g key={time}>
          {rows === 3 ? <path d={`M${x(time)} ${axisY}v5`} className="axis-tick" /> : null}
          <text x={x(time)} y={rows === 3 ? 80 : 42} className="m c">
            {minuteText(time)}
          </text>
        </g>
      ))}
      <clipPath id="rail-clip">
        <rect x={rail.left - 8} y="-8" width={right - rail.left + 16} height="100" />
      </clipPath>
      <g clipPath="url(#rail-clip)">
        <g transform={`translate(${-(rail.from - rail.base) * rail.scale} 0)`}>
          <Marks
            marks={marks}
            base={rail.base}
            scale={rail.scale}
            left={rail.left}
            rows={rows}
            right={right}
            until={lasts ? Math.max(at, end) : 0}
          />
        </g>
      </g>
      <Timers timers={timers} x={x} now={at} right={right} y={rows === 3 ? 34 : 21} />
      <path d={`M${now} 3V${axisY + 2}`} className="playhead" />
      <path d={`M${now - 5} 0h10l-5 7z`} className="playhead-tip" />
    </svg>
  );
}

const isOpenBand = ({ kind, until }: MarkView) => kind === "leaderless" && until === null;

/** Where other branches leave, on the lane of what you did. */
function withForks(
  marks: ReadonlyMap<string, MarkView>,
  branches: readonly BranchView[],
): ReadonlyMap<string, MarkView> {
  const forks = branches.filter((branch) => branch.forkedAt !== null);
  if (forks.length === 0) return marks;
  const all = [...marks.values()];
  for (const { id, name, forkedAt } of forks) {
    const mark = { id: `branch ${id}`, at: forkedAt ?? 0, lane: "yours", kind: "branch" } as const;
    all.push({ ...mark, label: name, loud: true, until: null });
  }
  // Marks find their room in the order of time.
  all.sort((a, b) => a.at - b.at);
  return new Map(all.map((mark) => [mark.id, mark]));
}

function LaneLines({ left, right }: { left: number; right: number }) {
  return (
    <>
      {lanes.map((lane, row) => (
        <g key={lane}>
          <path d={`M${left} ${14 + row * 20}H${right}`} className="hairline" />
          <text x="0" y={18 + row * 20} className="m s">
            {lane}
          </text>
        </g>
      ))}
    </>
  );
}

interface MarksProps {
  /** Up to where what still lasts is drawn. */
  readonly until: number;
  readonly marks: ReadonlyMap<string, MarkView>;
  readonly base: number;
  readonly scale: number;
  readonly left: number;
  readonly right: number;
  readonly rows: 1 | 3;
}

/** Placed once for a stretch of time; following the playhead only shifts the group. */
const Marks = memo(function Marks(props: MarksProps) {
  const { marks, base, scale, left, right, rows, until } = props;
  const placed = clusterMarks(marks, base, scale, left);
  return (
    <>
      {placed.map(({ mark, x, room, before }) => {
        const y = rows === 1 ? 21 : 14 + lanes.indexOf(mark.lane) * 20;
        const isBand = mark.kind === "kept" || mark.kind === "leaderless";
        if ((x < left - 40 && !isBand) || x > right + (right - left)) return null;
        if (rows === 1 && mark.lane === "yours" && mark.kind === "command") return null;
        return (
          <OneMark
            key={mark.id}
            mark={mark}
            x={x}
            y={y}
            room={room}
            before={before}
            scale={scale}
            rows={rows}
            until={until}
          />
        );
      })}
    </>
  );
});

interface TimersProps {
  readonly timers: readonly TimerView[];
  readonly x: (time: number) => number;
  readonly now: number;
  readonly right: number;
  readonly y: number;
}

function Timers({ timers, x, now, right, y }: TimersProps) {
  const ahead = timers.filter((timer) => timer.at >= now && x(timer.at) < right);
  let free = 0;
  return (
    <>
      {ahead.slice(0, 12).map((timer) => {
        const at = x(timer.at);
        const named = at > free;
        if (named) free = at + 20 + timer.label.length * 6.4;
        return (
          <g key={timer.id}>
            <use href="#m-due" x={at - 9} y={y - 9} width="18" height="18" />
            {named && at < right - 60 ? (
              <text x={at + 13} y={y + 4} className="s">
                {timer.label}
              </text>
            ) : null}
          </g>
        );
      })}
    </>
  );
}
