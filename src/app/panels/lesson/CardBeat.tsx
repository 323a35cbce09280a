/** The page to take home: commands to try, and where to go on. */
import type { LessonBeatView } from "../../../worker/api.ts";
import { startAgain, typeLine } from "../../actions/lesson.ts";
import { runAction } from "../../actions/registry.ts";
import { Button } from "../../parts/Button.tsx";
import { CommandText } from "../../parts/CommandText.tsx";

export function CardBeat({ beat }: { beat: LessonBeatView }) {
  return (
    <>
      <ul className="card-lines">
        {beat.commands.map((line) => (
          <li key={line}>
            <button
              type="button"
              className="card-line"
              title="Put it at the prompt"
              onClick={() => typeLine(line)}
            >
              <CommandText line={line} />
            </button>
          </li>
        ))}
      </ul>
      <div className="card-acts">
        <Button look="line" onClick={() => void startAgain()}>
          Start again
        </Button>
        <Button onClick={() => runAction("share")}>Share</Button>
        <Button onClick={() => runAction("lessons")}>What else</Button>
      </div>
    </>
  );
}
