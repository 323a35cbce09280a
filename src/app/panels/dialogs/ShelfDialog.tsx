/** What comes with the page: lessons as a path, scenarios on the shelves of their courses. */
import { useEffect, useState } from "react";
import type { LessonEntryView, LibraryEntry } from "../../../worker/api.ts";
import { openLesson } from "../../actions/lesson.ts";
import { openWorld } from "../../actions/open-world.ts";
import { runAction } from "../../actions/registry.ts";
import { engine } from "../../engine.ts";
import { finishedLessons } from "../../finished-lessons.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { durationText } from "../../parts/figures.ts";
import { Mark } from "../../parts/Mark.tsx";
import { useView } from "../../store/view.ts";

interface Course {
  readonly place: number;
  readonly title: string;
  readonly lessons: readonly LessonEntryView[];
  readonly scenarios: readonly LibraryEntry[];
}

/** Everything: lessons, scenarios, a blank tunnel, or a file of one's own. */
export function ShelfDialog() {
  const lessons = useList<LessonEntryView>("lessons");
  const scenarios = useList<LibraryEntry>("library");
  // Not before both are here: the sheet looks for its first field once.
  if (lessons === null || scenarios === null) return null;
  return (
    <Dialog title="Lessons and scenarios" onClose={close}>
      {coursesOf(lessons, scenarios).map((course) => (
        <Shelf key={course.place} course={course} />
      ))}
      <ul className="shelf">
        <li>
          <button type="button" onClick={() => take("blank")}>
            <b>Blank tunnel</b>
            <code className="mut">world server</code>
            <span className="mut">One server, nothing on it. Your own streams and commands.</span>
          </button>
        </li>
      </ul>
      <label className="btn shelf-file" data-look="line">
        <Mark name="plus" />
        Open a file
        <input
          type="file"
          accept=".wt,text/plain"
          onChange={(event) => openFile(event.target.files?.[0])}
        />
      </label>
    </Dialog>
  );
}

/** The path of the lessons alone. */
export function LessonsDialog() {
  const lessons = useList<LessonEntryView>("lessons");
  if (lessons === null) return null;
  return (
    <Dialog title="Lessons" onClose={close}>
      <p className="shelf-lead mut">
        Best in this order, or where you like. Time stands still until you let it run.
      </p>
      {coursesOf(lessons, []).map((course) => (
        <Shelf key={course.place} course={course} />
      ))}
      <div className="shelf-file">
        <Button look="line" onClick={() => runAction("shelf")}>
          Scenarios too
        </Button>
      </div>
    </Dialog>
  );
}

function Shelf({ course: { place, title, lessons, scenarios } }: { course: Course }) {
  return (
    <section className="shelf" aria-label={title}>
      <h2>
        <span className="mut">{place}</span> {title}
      </h2>
      <ul>
        {lessons.map((lesson) => (
          <LessonRow key={lesson.id} lesson={lesson} />
        ))}
        {scenarios.map((scenario) => (
          <ScenarioRow key={scenario.id} scenario={scenario} />
        ))}
      </ul>
    </section>
  );
}

function LessonRow({ lesson }: { lesson: LessonEntryView }) {
  const { id, number, title, objective, minutes } = lesson;
  const isDone = finishedLessons()[id] !== undefined;
  const learn = () => {
    close();
    void openLesson(id);
  };
  return (
    <li>
      <button type="button" onClick={learn}>
        <b>{title}</b>
        <code>
          lesson {number} · {minutes} min{isDone ? " · done" : ""}
        </code>
        <span className="mut">{objective}</span>
      </button>
    </li>
  );
}

function ScenarioRow({ scenario }: { scenario: LibraryEntry }) {
  const { id, title, about, servers, lasts } = scenario;
  return (
    <li>
      <button type="button" onClick={() => take(id)}>
        <b>{title}</b>
        <code className="mut">
          {durationText(lasts)}
          {servers > 1 ? ` · ${servers} servers` : ""}
        </code>
        <span className="mut">{about}</span>
      </button>
    </li>
  );
}

/** What the worker lists; null while it loads. */
function useList<Entry>(what: "lessons" | "library"): readonly Entry[] | null {
  const [list, setList] = useState<readonly Entry[] | null>(null);
  useEffect(() => {
    void engine()
      .read(what)
      .then((entries) => setList(entries as readonly Entry[]));
  }, [what]);
  return list;
}

/** Both lists come in the order of the courses. */
function coursesOf(
  lessons: readonly LessonEntryView[],
  scenarios: readonly LibraryEntry[],
): readonly Course[] {
  const places = [...lessons, ...scenarios].map(({ course, courseTitle }) => {
    return [course, courseTitle] as const;
  });
  return [...new Map(places)]
    .toSorted(([one], [other]) => one - other)
    .map(([place, title]) => ({
      place,
      title,
      lessons: lessons.filter(({ course }) => course === place),
      scenarios: scenarios.filter(({ course }) => course === place),
    }));
}

function close(): void {
  useView.getState().open(null);
}

function take(id: string): void {
  close();
  void openWorld(id === "blank" ? {} : { scenario: id, playing: true });
}

function openFile(file: File | undefined): void {
  if (file === undefined) return;
  close();
  void file.text().then((text) => openWorld({ text }));
}
