/** What is to be seen or done; each line ticks itself when the world says so. */
import type { LessonBeatView, LessonHintView, LessonTaskView } from "../../../worker/api.ts";
import { typeLine } from "../../actions/lesson.ts";
import { seek } from "../../actions/transport.ts";
import { Button } from "../../parts/Button.tsx";
import { CommandText } from "../../parts/CommandText.tsx";
import { clockText } from "../../parts/figures.ts";
import { Mark } from "../../parts/Mark.tsx";
import { Rich } from "../../parts/Rich.tsx";
import { useView } from "../../store/view.ts";

export function TaskList({ beat }: { beat: LessonBeatView }) {
  const isOn = beat.state === "now";
  const next = isOn ? beat.tasks.find((task) => task.at === null) : undefined;
  return (
    <ol className="tasks">
      {beat.tasks.map((task) => (
        <TaskLine key={task.key} task={task} isNext={task === next} />
      ))}
    </ol>
  );
}

function TaskLine({ task, isNext }: { task: LessonTaskView; isNext: boolean }) {
  const isDone = task.at !== null;
  return (
    <li data-done={isDone} data-next={isNext || undefined}>
      <Mark name={isDone ? "tick" : isNext ? "now" : "todo"} />
      <span>
        <span className="vh">{isDone ? "Done: " : isNext ? "Now: " : ""}</span>
        <Rich text={task.text} />
        {isDone ? null : task.hints.map((hint) => <HintLine key={hint.text} hint={hint} />)}
      </span>
      {task.at === null ? null : <MomentButton at={task.at} />}
    </li>
  );
}

/** The evidence is the moment itself. */
function MomentButton({ at }: { at: number }) {
  return (
    <button
      type="button"
      className="time"
      title="Show this moment"
      aria-label={`Show ${clockText(at)}`}
      onClick={() => void seek(at)}
    >
      {clockText(at)}
    </button>
  );
}

function HintLine({ hint }: { hint: LessonHintView }) {
  const { kind, text } = hint;
  if (kind === "say") {
    return (
      <span className="hint">
        <Rich text={text} />
      </span>
    );
  }
  if (kind === "look") {
    return (
      <span className="hint">
        Look at{" "}
        <button type="button" className="link" onClick={() => useView.getState().select(text)}>
          {text.replace(":", " ").replace("client ", "worker ")}
        </button>
        .
      </span>
    );
  }
  return (
    <span className="hint hint-line">
      <CommandText line={text} />
      <Button look="line" mark="cmd" onClick={() => typeLine(text)}>
        Type it
      </Button>
    </span>
  );
}
