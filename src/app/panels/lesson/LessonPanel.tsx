/** The lesson beside the picture: what is asked now, what has been seen, what comes then. */
import { useEffect, useRef } from "react";
import type { LessonBeatView, LessonView } from "../../../worker/api.ts";
import { Mark } from "../../parts/Mark.tsx";
import { Rich } from "../../parts/Rich.tsx";
import { selectLesson } from "../../store/lesson.ts";
import { useView } from "../../store/view.ts";
import { CardBeat } from "./CardBeat.tsx";
import { GoalBeat } from "./GoalBeat.tsx";
import { LessonFoot } from "./LessonFoot.tsx";
import "./lesson.css";
import { PredictBeat } from "./PredictBeat.tsx";
import { TaskList } from "./TaskList.tsx";

export function LessonPanel({ narrow }: { narrow: boolean }) {
  const lesson = useView(selectLesson);
  const box = useRef<HTMLDivElement>(null);
  const beat = lesson?.beat ?? 0;
  useEffect(() => {
    // The first look begins at the top, with the scene.
    const on = beat <= 1 ? null : box.current?.querySelector("[aria-current=step]");
    on?.scrollIntoView({ block: "nearest", behavior: "smooth" });
    if (on === null) box.current?.scrollTo({ top: 0 });
  }, [beat]);
  if (lesson === null) return null;
  const shown = narrow ? nearBeats(lesson) : lesson.beats;
  return (
    <section className="lesson" data-narrow={narrow} aria-label={`Lesson ${lesson.title}`}>
      <div className="lesson-beats scroll" ref={box}>
        {narrow ? null : <h2>{lesson.title}</h2>}
        {shown.map((one) => (
          <BeatSection key={one.key} beat={one} lesson={lesson} />
        ))}
        {narrow ? null : <Evidence lesson={lesson} />}
      </div>
      <LessonFoot lesson={lesson} narrow={narrow} />
    </section>
  );
}

/** Where room is short: the beat that is on, and what the one before it has to say. */
function nearBeats({ beats, beat }: LessonView): readonly LessonBeatView[] {
  const told = beats.slice(0, beat).filter((one) => one.after.length > 0);
  const scene = beat <= 1 ? beats.filter((one) => one.kind === "scene") : [];
  return [...scene, ...told.slice(-1), ...beats.slice(beat, beat + 1)];
}

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

function BeatSection({ beat, lesson }: { beat: LessonBeatView; lesson: LessonView }) {
  if (beat.kind === "scene") return <Prose lines={beat.text} className="lesson-scene" />;
  const isOn = beat.state === "now";
  const heading = headings[beat.kind];
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
        <h3>{heading}</h3>
        <span className="mut">{aside(beat, lesson)}</span>
      </header>
      {beat.state === "later" ? null : <BeatBody beat={beat} lesson={lesson} />}
    </section>
  );
}

/** What stands at the right of a heading. */
function aside(beat: LessonBeatView, { par, strokes }: LessonView): string {
  if (beat.kind === "predict") return beat.state === "later" ? "" : "no score";
  if (beat.kind === "do") {
    const counted = strokes === 1 ? "1 command" : `${strokes} commands`;
    return par === null || beat.state === "later" ? beat.title : `${counted}, par ${par}`;
  }
  if (beat.kind === "goal" && beat.state === "now") {
    const left = beat.rows.filter((row) => !row.holds).length;
    return left === 1 ? "1 difference" : `${left} differences`;
  }
  return beat.state === "done" ? "" : beat.title;
}

function BeatBody({ beat, lesson }: { beat: LessonBeatView; lesson: LessonView }) {
  const asks = beat.state === "now" || beat.kind === "predict";
  return (
    <>
      {asks ? <Prose lines={beat.text} className="beat-text" /> : null}
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

function Prose({ lines, className }: { lines: readonly string[]; className: string }) {
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

/** Every claim says what it rests on. */
function Evidence({ lesson }: { lesson: LessonView }) {
  return (
    <details className="lesson-evidence">
      <summary>checked on nats-server 2.15, and our model</summary>
      {lesson.evidence.map((line) => (
        <p key={line}>
          <Rich text={line} />
        </p>
      ))}
    </details>
  );
}
