/** The lesson beside the picture: what is asked now, what has been seen, what comes then. */
import { type RefObject, useEffect, useRef } from "react";
import type { LessonView } from "../../../worker/api.ts";
import { keepFinished } from "../../finished-lessons.ts";
import { Rich } from "../../parts/Rich.tsx";
import { selectLesson } from "../../store/lesson.ts";
import { useView } from "../../store/view.ts";
import { BeatSection, Prose } from "./BeatSection.tsx";
import { LessonFoot } from "./LessonFoot.tsx";
import "./lesson.css";

export function LessonPanel({ narrow }: { narrow: boolean }) {
  const lesson = useView(selectLesson);
  const box = useRef<HTMLDivElement>(null);
  useFollow(box, lesson);
  useKept(lesson);
  if (lesson === null) return null;
  return (
    <section className="lesson" data-narrow={narrow} aria-label={`Lesson ${lesson.title}`}>
      <div className="lesson-beats scroll" ref={box}>
        {narrow ? <NearBeats lesson={lesson} /> : <AllBeats lesson={lesson} />}
      </div>
      <LessonFoot lesson={lesson} narrow={narrow} />
    </section>
  );
}

/** Keeps in sight what is to be read now: an answer that has come, the task, its newest hint. */
function useFollow(box: RefObject<HTMLDivElement | null>, lesson: LessonView | null): void {
  const beat = lesson?.beat ?? 0;
  const task = lesson?.beats[beat]?.tasks.find((one) => one.at === null);
  const hints = `${task?.key} ${task?.hints.length}`;
  useEffect(() => {
    // The first look begins at the top, with the scene.
    if (beat <= 1) box.current?.scrollTo({ top: 0 });
    else {
      const answers = box.current?.querySelectorAll(".beat-after");
      const on = box.current?.querySelector("[aria-current=step]");
      const answer = answers?.[answers.length - 1];
      if (answer === undefined) on?.scrollIntoView({ block: "nearest" });
      else answer.scrollIntoView({ block: "start" });
    }
  }, [beat, box]);
  useEffect(() => {
    // A beat's first task comes into sight with the beat.
    if (hints.endsWith(" 0") || hints.startsWith("undefined")) return;
    box.current?.querySelector("[data-next]")?.scrollIntoView({ block: "nearest" });
  }, [hints, box]);
}

/** A goal that was reached is remembered in this browser. */
function useKept(lesson: LessonView | null): void {
  const { id = "", finished = false, strokes = 0 } = lesson ?? {};
  useEffect(() => {
    if (finished) keepFinished(id, strokes);
  }, [id, finished, strokes]);
}

function AllBeats({ lesson }: { lesson: LessonView }) {
  return (
    <>
      <h2>{lesson.title}</h2>
      {lesson.beats.map((one) => (
        <BeatSection key={one.key} beat={one} lesson={lesson} />
      ))}
      <Evidence lesson={lesson} />
    </>
  );
}

/** Where room is short: the beat that is on, and what those before it had to say last. */
function NearBeats({ lesson }: { lesson: LessonView }) {
  const { beats, beat } = lesson;
  const on = beats[beat];
  const told = beats.slice(0, beat).findLast((one) => one.after.length > 0);
  const scene = on?.kind === "predict" ? beats.find((one) => one.kind === "scene") : undefined;
  return (
    <>
      {told === undefined ? null : <Prose lines={told.after} className="beat-after" />}
      {scene === undefined ? null : <BeatSection beat={scene} lesson={lesson} />}
      {on === undefined ? null : <BeatSection key={on.key} beat={on} lesson={lesson} />}
    </>
  );
}

/** `checked on nats-server 2.15, and our model` */
function restsOn(evidence: readonly string[]): string {
  const has = (source: string) => evidence.some((line) => line.startsWith(source));
  const server = has("nats-server") ? ["checked on nats-server 2.15"] : [];
  return [...server, ...(has("our model") ? ["our model"] : [])].join(", and ");
}

/** Every claim says what it rests on. */
function Evidence({ lesson }: { lesson: LessonView }) {
  return (
    <details className="lesson-evidence">
      <summary>{restsOn(lesson.evidence)}</summary>
      {lesson.evidence.map((line) => (
        <p key={line}>
          <Rich text={line} />
        </p>
      ))}
    </details>
  );
}
