/** The scenario shelf: what comes with the page, a blank tunnel, or a file of one's own. */
import { useEffect, useState } from "react";
import type { LessonEntryView, LibraryEntry } from "../../../worker/api.ts";
import { openLesson } from "../../actions/lesson.ts";
import { openWorld } from "../../actions/open-world.ts";
import { engine } from "../../engine.ts";
import { finishedLessons } from "../../finished-lessons.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Mark } from "../../parts/Mark.tsx";
import { useView } from "../../store/view.ts";

export function ShelfDialog() {
  const [library, setLibrary] = useState<readonly LibraryEntry[] | null>(null);
  const [lessons, setLessons] = useState<readonly LessonEntryView[]>([]);
  useEffect(() => {
    void engine()
      .read("lessons")
      .then((entries) => setLessons(entries as readonly LessonEntryView[]));
    void engine()
      .read("library")
      .then((entries) => setLibrary(entries as readonly LibraryEntry[]));
  }, []);
  const close = () => useView.getState().open(null);
  const take = (id: string) => {
    close();
    void openWorld(id === "blank" ? {} : { scenario: id, playing: true });
  };
  const learn = (id: string) => {
    close();
    void openLesson(id);
  };
  const finished = finishedLessons();
  return (
    <Dialog title="Lessons and scenarios" onClose={close}>
      <ul className="shelf">
        {lessons.map(({ id, number, title, objective, minutes }) => (
          <li key={id}>
            <button type="button" onClick={() => learn(id)}>
              <b>{title}</b>
              <code className="mut">
                lesson {number} · {minutes} min{finished[id] === undefined ? "" : " · done"}
              </code>
              <span className="mut">{objective}</span>
            </button>
          </li>
        ))}
        {(library ?? []).map((entry) => (
          <li key={entry.id}>
            <button type="button" onClick={() => take(entry.id)}>
              <b>{entry.title}</b>
              <code className="mut">{entry.world}</code>
              <span className="mut">{entry.about}</span>
            </button>
          </li>
        ))}
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

function openFile(file: File | undefined): void {
  if (file === undefined) return;
  useView.getState().open(null);
  void file.text().then((text) => openWorld({ text }));
}
