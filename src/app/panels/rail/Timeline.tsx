/** The rail itself: yours, theirs, promises; what is armed stands right of the playhead. */
import {
  type KeyboardEvent,
  memo,
  type PointerEvent,
  useMemo,
  useState,
  type WheelEvent,
} from "react";
import type { BranchView, MarkView, TimerView } from "../../../worker/frames.ts";
import { seek } from "../../actions/transport.ts";
import { clockText, minuteText } from "../../parts/figures.ts";
import { useElementSize } from "../../parts/useElementSize.ts";
import { useThrottled } from "../../parts/useThrottled.ts";
import { selectForks } from "../../store/select-branch.ts";
import { selectMarks, selectTimers } from "../../store/select-rail.ts";
import { selectMillis } from "../../store/select-world.ts";
import { selectEnd } from "../../store/session.ts";
import { useView } from "../../store/view.ts";
import { type RailMotion, useRailMotion } from "./motion.ts";
import { OneMark } from "./OneMark.tsx";
import { axisTicks, clusterMarks } from "./window.ts";

const lanes = ["yours", "theirs", "promises"] as const;
const labelWidth = 70;
const rightMargin = 24;
/** Half of what is printed under the first tick. */
const overhang = 19;
/** What is read of the rail, not watched: what moves is shifted by `useRailMotion`. */
const readMs = 250;

export function Timeline({ lanes: count }: { lanes: 1 | 3 }) {
  const [ref, size] = useElementSize<HTMLDivElement>();
  const [span, setSpan] = useState(10e9);
  const millis = useThrottled(selectMillis, readMs);
  const end = useThrottled(selectEnd, readMs);
  const at = millis * 1e6;
  const left = count === 3 ? labelWidth : 28;
  const width = Math.max(1, size.width - left - rightMargin);
  const { rail, moving } = useRailMotion({ span, width, left });
  const goTo = (event: PointerEvent<HTMLElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    seekSoon(Math.max(0, rail.current.from + (x - left) / rail.current.scale));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { at: now, session } = useView.getState();
    const to = keyTarget(event, now, session.end);
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
        <RailPicture moving={moving} at={at} end={end} width={size.width} rows={count} />
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
  readonly moving: RailMotion;
  readonly at: number;
  readonly end: number;
  readonly width: number;
  readonly rows: 1 | 3;
}

/** What stands still, what moves with time as one layer, and the playhead. */
function RailPicture({ moving, at, end, width, rows }: RailPictureProps) {
  const told = useView(selectMarks);
  const forks = useView(selectForks);
  const marks = useMemo(() => withForks(told, forks), [told, forks]);
  const lasts = [...marks.values()].some(isOpenBand);
  const timers = useThrottled(selectTimers, readMs);
  const { base, scale, left, span } = moving;
  const right = width - rightMargin;
  const axisY = rows === 3 ? 64 : 21;
  const height = rows === 3 ? 82 : 44;
  const x = (time: number) => (time - base) * scale;
  return (
    <>
      <svg width={width} height={height} aria-hidden="true">
        {rows === 3 ? <LaneLines left={left} right={right} /> : null}
        <path d={`M${left} ${axisY}H${right}`} className="axis-open" />
      </svg>
      <div className="rail-known" ref={moving.known} style={{ left, top: axisY - 0.75 }} />
      <div className="rail-clip" style={{ left: left - overhang, right: 0 }}>
        <svg
          ref={moving.group}
          className="rail-moving"
          width={2 * span * scale + overhang}
          height={height}
          viewBox={`${-overhang} 0 ${2 * span * scale + overhang} ${height}`}
          aria-hidden="true"
        >
          <Ticks base={base} span={span} scale={scale} rows={rows} />
          <Marks
            marks={marks}
            base={base}
            scale={scale}
            rows={rows}
            right={2 * span * scale}
            until={lasts ? Math.max(at, end) : 0}
          />
          <Timers
            timers={timers}
            x={x}
            now={at}
            right={x(moving.from) + right - left}
            y={rows === 3 ? 34 : 21}
          />
        </svg>
      </div>
      <svg ref={moving.head} className="rail-head" width="10" height={axisY + 2} aria-hidden="true">
        <path d={`M5 3V${axisY + 2}`} className="playhead" />
        <path d="M0 0h10l-5 7z" className="playhead-tip" />
      </svg>
    </>
  );
}

interface TicksProps {
  readonly base: number;
  readonly span: number;
  readonly scale: number;
  readonly rows: 1 | 3;
}

const Ticks = memo(function Ticks({ base, span, scale, rows }: TicksProps) {
  return axisTicks({ from: base, span: 2 * span, scale }).map((time) => (
    <g key={time}>
      {rows === 3 ? <path d={`M${(time - base) * scale} 64v5`} className="axis-tick" /> : null}
      <text x={(time - base) * scale} y={rows === 3 ? 80 : 42} className="m c">
        {minuteText(time)}
      </text>
    </g>
  ));
});

const isOpenBand = ({ kind, until }: MarkView) => kind === "leaderless" && until === null;

/** Where other branches leave, on the lane of what you did. */
function withForks(
  marks: ReadonlyMap<string, MarkView>,
  forks: readonly BranchView[],
): ReadonlyMap<string, MarkView> {
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
  readonly right: number;
  readonly rows: 1 | 3;
}

/** Placed once for a stretch of time; following the playhead only shifts the group. */
const Marks = memo(function Marks(props: MarksProps) {
  const { marks, base, scale, right, rows, until } = props;
  const placed = clusterMarks(marks, base, scale).filter(({ mark, x }) => {
    if (x > right) return false;
    return x >= -40 || mark.kind === "kept" || mark.kind === "leaderless";
  });
  const laneY = ({ lane }: MarkView) => (rows === 1 ? 21 : 14 + lanes.indexOf(lane) * 20);
  const ticks = placed.filter(({ mark }) => mark.kind === "stored");
  return (
    <>
      <path
        d={ticks.map(({ mark, x }) => `M${Math.round(x * 10) / 10} ${laneY(mark) - 4}v8`).join("")}
        className="tick-stored"
      />
      {placed.map(({ mark, x, room, before }) => {
        if (mark.kind === "stored") return null;
        if (rows === 1 && mark.lane === "yours" && mark.kind === "command") return null;
        return (
          <OneMark
            key={mark.id}
            mark={mark}
            x={x}
            y={laneY(mark)}
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
