/** What happened, newest at the foot; below it what is armed to happen. */
import { memo, useMemo, useState } from "react";
import type { TraceView } from "../../../worker/frames.ts";
import { seek } from "../../actions/transport.ts";
import { shortText } from "../../parts/figures.ts";
import { Mark } from "../../parts/Mark.tsx";
import { Rich } from "../../parts/Rich.tsx";
import { useThrottled } from "../../parts/useThrottled.ts";
import type { LedgerName } from "../../store/page.ts";
import { selectFilter, selectSelected } from "../../store/select-page.ts";
import { selectTimers, selectTrace } from "../../store/select-world.ts";
import { useView } from "../../store/view.ts";

/** At the foot, a screen's worth; scrolled back, enough to read. The past is a seek away. */
const shown = { following: 40, reading: 200 };
/** The list is read, not watched. */
const readMs = 200;

/** Which kinds of record a number of the ledger stands for. */
const kindsOf: Record<LedgerName, readonly string[]> = {
  kept: ["puback", "stored"],
  broken: ["broken"],
  doubled: ["redeliver", "duplicate", "doubled"],
  refused: ["refused"],
};

export function Trace() {
  const trace = useThrottled(selectTrace, readMs);
  const timers = useThrottled(selectTimers, readMs);
  const filter = useView(selectFilter);
  const selected = useView(selectSelected);
  const [all, setAll] = useState(false);
  const [mine, setMine] = useState(false);
  const [follows, setFollows] = useState(true);
  const about = selected === null || selected.startsWith("message:") ? null : selected;
  const lines = useMemo(() => {
    const kept = trace.filter(
      (line) =>
        (all || line.interesting) &&
        (!mine || about === null || line.about.includes(about)) &&
        (filter === null || kindsOf[filter].includes(line.kind)),
    );
    return kept.slice(-(follows ? shown.following : shown.reading));
  }, [trace, all, mine, about, filter, follows]);
  return (
    <>
      <div className="filter">
        <button type="button" className="pill" aria-pressed={!all} onClick={() => setAll(false)}>
          interesting
        </button>
        <button type="button" className="pill" aria-pressed={all} onClick={() => setAll(true)}>
          everything
        </button>
        {about === null ? null : (
          <button type="button" className="pill" aria-pressed={mine} onClick={() => setMine(!mine)}>
            {about.slice(about.indexOf(":") + 1)}
          </button>
        )}
      </div>
      <TraceList lines={lines} onFollow={setFollows} />
      {lines.length > 0 || timers.length > 0 ? null : (
        <p className="mut trace-none">
          Nothing has happened yet. Every event will stand here, in words.
        </p>
      )}
      {timers.length === 0 ? null : (
        <ol className="trace trace-due" aria-label="Armed timers">
          {timers.slice(0, 3).map((timer) => (
            <li key={timer.id} className="due">
              <time>{shortText(timer.at)}</time>
              <Mark name="due" />
              <span>{timer.label}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

interface TraceListProps {
  readonly lines: readonly TraceView[];
  readonly onFollow: (follows: boolean) => void;
}

/** Stands at its foot without anybody measuring it: the box is filled from below (frame.css). */
function TraceList({ lines, onFollow }: TraceListProps) {
  const last = lines[lines.length - 1]?.id;
  return (
    <div
      className="trace-box scroll"
      onScroll={(event) => onFollow(event.currentTarget.scrollTop > -nearFoot)}
    >
      <ol className="trace" aria-label="Trace">
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
