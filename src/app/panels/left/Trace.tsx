/** What happened, newest at the foot; below it what is armed to happen. */
import {
  type CSSProperties,
  memo,
  type ReactNode,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { TraceView } from "../../../worker/frames.ts";
import { seek } from "../../actions/transport.ts";
import { shortText } from "../../parts/figures.ts";
import { Mark } from "../../parts/Mark.tsx";
import { Rich } from "../../parts/Rich.tsx";
import { useElementSize } from "../../parts/useElementSize.ts";
import { useThrottled } from "../../parts/useThrottled.ts";
import { isCountedLine } from "../../store/counted.ts";
import type { LedgerName } from "../../store/page.ts";
import { selectFilter, selectSelected } from "../../store/select-page.ts";
import { selectTimers } from "../../store/select-rail.ts";
import { selectTrace } from "../../store/select-world.ts";
import { useView } from "../../store/view.ts";

/** At the foot, a screen's worth; scrolled back, enough to read. The past is a seek away. */
const shown = { following: 40, reading: 200 };
/** The list is read, not watched; nobody reads one that is another at each look. */
const readMs = { calm: 200, crowded: 600 };
/** More lines than this since the last look are a crowd. */
const crowd = 12;
/** Of a crowd none but those in sight are drawn, and some more to scroll back to. */
const lineHeight = 24;
const linesBeyond = 8;

export function Trace() {
  const { trace, isCrowded } = useTraceInTime();
  const [box, size] = useElementSize<HTMLDivElement>();
  const timers = useThrottled(selectTimers, readMs.crowded);
  const filter = useView(selectFilter);
  const selected = useView(selectSelected);
  const [all, setAll] = useState(false);
  const [mine, setMine] = useState(false);
  const [follows, setFollows] = useState(true);
  const choose = (everything: boolean) => {
    setAll(everything);
    useView.getState().choose({ filter: null });
  };
  const about = selected === null || selected.startsWith("message:") ? null : selected;
  const inSight = Math.ceil(size.height / lineHeight) + linesBeyond;
  const following = isCrowded ? Math.min(shown.following, inSight) : shown.following;
  const most = follows ? following : shown.reading;
  const lines = useMemo(() => {
    const kept = trace.filter(
      (line) =>
        (filter === null ? all || line.interesting : isCountedLine(filter, line)) &&
        (!mine || about === null || line.about.includes(about)),
    );
    return kept.slice(-most);
  }, [trace, all, mine, about, filter, most]);
  const due = timers.slice(0, 3);
  const style = timeColumn([...lines, ...due]);
  return (
    <>
      <div className="filter">
        <Pill chosen={!all && filter === null} onChoose={() => choose(false)}>
          interesting
        </Pill>
        <Pill chosen={all && filter === null} onChoose={() => choose(true)}>
          everything
        </Pill>
        {filter === null ? null : (
          <Pill chosen onChoose={() => useView.getState().choose({ filter: null })}>
            {filter}
          </Pill>
        )}
        {about === null ? null : (
          <Pill chosen={mine} onChoose={() => setMine(!mine)}>
            {about.slice(about.indexOf(":") + 1)}
          </Pill>
        )}
      </div>
      <TraceList ref={box} lines={lines} style={style} onFollow={setFollows} />
      {lines.length > 0 || (timers.length > 0 && filter === null) ? null : (
        <p className="mut trace-none">
          {filter === null
            ? "Nothing has happened yet. Every event will stand here, in words."
            : emptyWords[filter]}
        </p>
      )}
      {timers.length === 0 ? null : (
        <ol className="trace trace-due" aria-label="Armed timers" style={style}>
          {due.map((timer) => (
            <li key={timer.id} className="due">
              <time>{shortText(timer.at)}</time>
              <Mark name="due" />
              <span>{withoutTime(timer.label)}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

/** `4 due 09.159` stands beside its time here. */
function withoutTime(label: string): string {
  return label.replace(/ [\d:.]+$/, "");
}

/** The trace at a pace that can be read: the more comes, the longer it stands. */
function useTraceInTime(): { readonly trace: readonly TraceView[]; readonly isCrowded: boolean } {
  const [isCrowded, setCrowded] = useState(false);
  const trace = useThrottled(selectTrace, isCrowded ? readMs.crowded : readMs.calm);
  const last = useRef(0);
  useEffect(() => {
    const newest = trace[trace.length - 1]?.id ?? 0;
    setCrowded(newest - last.current > crowd);
    last.current = newest;
  }, [trace]);
  return { trace, isCrowded };
}

const emptyWords: Record<LedgerName, string> = {
  kept: "No message has been kept yet.",
  broken: "No promise is broken.",
  doubled: "Nothing was stored or delivered twice.",
  refused: "Nothing was refused.",
};

interface PillProps {
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

function Pill({ chosen, onChoose, children }: PillProps) {
  return (
    <button type="button" className="pill" aria-pressed={chosen} onClick={onChoose}>
      {children}
    </button>
  );
}

/** Of the monospace, at 12 pixels. */
const digitWidth = 7.3;

/** As wide as the longest of the times below each other: minutes and hours come with the hours. */
export function timeColumn(lines: readonly { readonly at: number }[]): CSSProperties {
  const longest = lines.reduce((most, { at }) => Math.max(most, shortText(at).length), 0);
  const width = Math.max(50, Math.ceil(longest * digitWidth));
  return { "--time-column": `${width}px` } as CSSProperties;
}

interface TraceListProps {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly style: CSSProperties;
  readonly lines: readonly TraceView[];
  readonly onFollow: (follows: boolean) => void;
}

/** Stands at its foot without anybody measuring it: the box is filled from below (frame.css). */
function TraceList({ ref, lines, style, onFollow }: TraceListProps) {
  const last = lines[lines.length - 1]?.id;
  return (
    <div
      ref={ref}
      className="trace-box scroll"
      onScroll={(event) => onFollow(event.currentTarget.scrollTop > -nearFoot)}
    >
      <ol className="trace" aria-label="Trace" style={style}>
        {lines.map((line) => (
          <TraceLine key={line.id} line={line} now={line.id === last} />
        ))}
      </ol>
    </div>
  );
}

/** Pixels above the foot that still count as being there. */
const nearFoot = 40;

export const TraceLine = memo(function TraceLine({ line, now }: { line: TraceView; now: boolean }) {
  return (
    <li className={now ? "now" : undefined}>
      <button
        type="button"
        className="time"
        title="Go to this moment"
        onClick={() => void seek(line.at)}
      >
        {shortText(line.at)}
      </button>
      {line.icon === "" ? <span /> : <Mark name={line.icon} />}
      <span>
        <Rich text={line.text} />
      </span>
    </li>
  );
});
