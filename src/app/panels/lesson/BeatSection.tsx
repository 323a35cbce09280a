/** One part of a lesson: its heading, and what stands under it while it is on or open. */
import { useState } from "react";
import type { LessonBeatView, LessonView } from "../../../worker/api.ts";
import { Mark } from "../../parts/Mark.tsx";
import { Rich } from "../../parts/Rich.tsx";
import { CardBeat } from "./CardBeat.tsx";
import { GoalBeat } from "./GoalBeat.tsx";
import { PredictBeat } from "./PredictBeat.tsx";
import { TaskList } from "./TaskList.tsx";

const headings: Record<LessonBeatView["kind"], string> = {
  scene: "",
  read: "Read",
  predict: "Predict",
  play: "Play",
  do: "Do",
  goal: "Goal",
  break: "Break it",
  card: "To take home",
};

interface BeatProps {
  readonly beat: LessonBeatView;
  readonly lesson: LessonView;
}

export function BeatSection({ beat, lesson }: BeatProps) {
  if (beat.kind === "scene") return <Prose lines={beat.text} className="lesson-scene" />;
  return <FoldingBeat beat={beat} lesson={lesson} />;
}

/** What is done folds up to its heading, which opens it again; what comes later is a heading. */
function FoldingBeat({ beat, lesson }: BeatProps) {
  const [wanted, setWanted] = useState<boolean | null>(null);
  const isOn = beat.state === "now";
  const heading = headings[beat.kind];
  const isOpen = isOn || (beat.state === "done" && (wanted ?? isFresh(beat, lesson)));
  return (
    <section
      className="beat"
      data-kind={beat.kind}
      data-state={beat.state}
      aria-current={isOn ? "step" : undefined}
      aria-label={heading}
    >
      <header>
        <Mark name={beat.state === "done" ? "tick" : isOn ? "now" : "todo"} />
        <h3>
          {beat.state === "done" ? (
            <button
              type="button"
              className="fold"
              aria-expanded={isOpen}
              onClick={() => setWanted(!isOpen)}
            >
              {heading}
              <Mark name="down" />
            </button>
          ) : (
            heading
          )}
        </h3>
        <span className="mut">{aside(beat, lesson)}</span>
      </header>
      {isOpen ? <BeatBody beat={beat} lesson={lesson} /> : null}
    </section>
  );
}

/** What is done folds up, but not before it has said what it has to say. */
function isFresh({ key, after }: LessonBeatView, { beats, beat }: LessonView): boolean {
  const index = beats.findIndex((one) => one.key === key);
  return beats[index]?.kind === "predict"
    ? beat <= index + 2
    : after.length > 0 && beat <= index + 1;
}

/** What stands at the right of a heading. */
function aside(beat: LessonBeatView, { par, strokes }: LessonView): string {
  if (beat.kind === "predict") return beat.state === "later" ? "" : "no score";
  if (beat.kind === "do") {
    const counted = strokes === 1 ? "1 command" : `${strokes} commands`;
    return par === null || beat.state === "later" ? "" : `${counted}, par ${par}`;
  }
  if (beat.kind === "goal" && beat.state === "now") {
    const left = beat.rows.filter((row) => !row.holds).length;
    return left === 1 ? "1 difference" : `${left} differences`;
  }
  return beat.kind === "goal" && beat.state === "done" ? "reached" : "";
}

function BeatBody({ beat, lesson }: BeatProps) {
  const asks = beat.state === "now" || beat.kind === "predict";
  return (
    <>
      {asks ? <Prose lines={titled(beat)} className="beat-text" /> : null}
      {beat.kind === "predict" ? <PredictBeat beat={beat} /> : null}
      {beat.tasks.length > 0 ? <TaskList beat={beat} /> : null}
      {beat.kind === "goal" ? <GoalBeat beat={beat} lesson={lesson} /> : null}
      {beat.kind === "card" ? <CardBeat beat={beat} /> : null}
      <div aria-live="polite">
        <Prose lines={beat.after} className="beat-after" />
      </div>
    </>
  );
}

/** The text under its own title. */
function titled({ title, text }: LessonBeatView): readonly string[] {
  return title === "" ? text : [`**${title}.** ${text[0] ?? ""}`, ...text.slice(1)];
}

export function Prose({ lines, className }: { lines: readonly string[]; className: string }) {
  if (lines.length === 0) return null;
  return (
    <div className={className}>
      {lines.map((line) => (
        <p key={line}>
          <Rich text={line} />
        </p>
      ))}
    </div>
  );
}
