/** The rail itself: yours, theirs, promises; what is armed stands right of the playhead. */
import {
  type KeyboardEvent,
  memo,
  type PointerEvent,
  useRef,
  useState,
  type WheelEvent,
} from "react";
import type { MarkView, TimerView } from "../../../worker/frames.ts";
import { seek } from "../../actions/transport.ts";
import { clockText, minuteText } from "../../parts/figures.ts";
import { useElementSize } from "../../parts/useElementSize.ts";
import { useThrottled } from "../../parts/useThrottled.ts";
import { selectMarks, selectTimers } from "../../store/select-rail.ts";
import { selectMillis } from "../../store/select-world.ts";
import { selectEnd } from "../../store/session.ts";
import { useView } from "../../store/view.ts";
import { axisTicks, clusterMarks, type RailWindow, spread, windowAround } from "./window.ts";

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
  const marks = useView(selectMarks);
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
          />
        </g>
      </g>
      <Timers timers={timers} x={x} now={at} right={right} y={rows === 3 ? 34 : 21} />
      <path d={`M${now} 3V${axisY + 2}`} className="playhead" />
      <path d={`M${now - 5} 0h10l-5 7z`} className="playhead-tip" />
    </svg>
  );
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
  readonly marks: ReadonlyMap<string, MarkView>;
  readonly base: number;
  readonly scale: number;
  readonly left: number;
  readonly right: number;
  readonly rows: 1 | 3;
}

/** Placed once for a stretch of time; following the playhead only shifts the group. */
const Marks = memo(function Marks({ marks, base, scale, left, right, rows }: MarksProps) {
  const placed = clusterMarks(marks, base, scale, left);
  return (
    <>
      {placed.map(({ mark, x, room, before }) => {
        const y = rows === 1 ? 21 : 14 + lanes.indexOf(mark.lane) * 20;
        if (x < left - 40 || x > right + (right - left)) return null;
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
          />
        );
      })}
    </>
  );
});

interface OneMarkProps {
  readonly mark: MarkView;
  readonly x: number;
  readonly y: number;
  readonly room: number;
  readonly before: number;
  readonly scale: number;
  readonly rows: 1 | 3;
}

const symbols: Partial<Record<MarkView["kind"], string>> = {
  command: "cmd",
  fault: "bolt",
  again: "hook",
  lost: "x",
  refused: "refused",
  broken: "broken",
};

function OneMark({ mark, x, y, room, before, scale, rows }: OneMarkProps) {
  if (mark.kind === "stored") return <path d={`M${x} ${y - 4}v8`} className="tick-stored" />;
  if (mark.kind === "kept") {
    const width = Math.max(2, ((mark.until ?? mark.at) - mark.at) * scale);
    return rows === 1 ? null : <path d={`M${x} ${y}h${width}`} className="band-kept" />;
  }
  const size = mark.kind === "lost" ? 12 : 16;
  const lift = rows === 1 && mark.kind === "fault" ? 13 : 0;
  return (
    <g>
      <title>{`${clockText(mark.at)} ${mark.label}`}</title>
      <use
        href={`#m-${symbols[mark.kind] ?? "now"}`}
        x={x - size / 2}
        y={y - size / 2 - lift}
        width={size}
        height={size}
      />
      {!mark.loud || rows === 1 ? null : mark.kind === "fault" &&
        before > mark.label.length * 6.2 ? (
        <text x={x - size / 2 - 2} y={y + 4} className="s e">
          {mark.label}
        </text>
      ) : room > 60 ? (
        <text x={x + size / 2 + 4} y={y + 4} className={mark.kind === "fault" ? "s" : "s m"}>
          {spread(mark.label, room - 24)}
        </text>
      ) : null}
    </g>
  );
}

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
