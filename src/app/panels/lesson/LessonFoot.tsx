/** The one thing to do next, always at the same place; a hint beside it. */
import type { LessonView } from "../../../worker/api.ts";
import { askHint } from "../../actions/hint.ts";
import { goOn } from "../../actions/lesson.ts";
import { pause, play, toEnd } from "../../actions/transport.ts";
import { Button } from "../../parts/Button.tsx";
import { selectEnd, selectPlaying } from "../../store/session.ts";
import { useView, type View } from "../../store/view.ts";

/** The newest moment is told in tenths of a second. */
const selectTenths = (view: View) => Math.floor(view.at / 1e8) * 1e8;

export function LessonFoot({ lesson, narrow }: { lesson: LessonView; narrow: boolean }) {
  const playing = useView(selectPlaying);
  const end = useView(selectEnd);
  const at = useView(selectTenths);
  const beat = lesson.beats[lesson.beat];
  const task = beat?.tasks.find((one) => one.at === null);
  if (beat === undefined || beat.kind === "card") return null;
  if (narrow && beat.kind === "predict") return null;
  // Three buttons are enough without their keys.
  const keys = !narrow && beat.kind !== "break";
  return (
    <footer className="lesson-foot">
      {!playing && at < end ? (
        <Button look="main" mark="last" onClick={() => void toEnd()}>
          Back to now
        </Button>
      ) : beat.kind === "predict" ? (
        <span className="mut">Guess first, then let time show it.</span>
      ) : beat.kind === "read" ? (
        <Button look="main" onClick={() => void goOn()}>
          Go on
        </Button>
      ) : playing ? (
        <Button look="line" mark="pause" keyHint={keys ? "space" : ""} onClick={() => void pause()}>
          Stop time
        </Button>
      ) : (
        <Button look="main" mark="play" keyHint={keys ? "space" : ""} onClick={() => void play()}>
          Let time run
        </Button>
      )}
      <span className="grow" />
      {beat.kind === "break" ? <Button onClick={() => void goOn()}>Skip</Button> : null}
      {task !== undefined && task.hintsLeft > 0 ? (
        <Button look="line" keyHint={narrow ? "" : "H"} onClick={() => void askHint()}>
          Hint
        </Button>
      ) : null}
    </footer>
  );
}
