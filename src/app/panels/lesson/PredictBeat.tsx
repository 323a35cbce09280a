/** A question before time shows the answer. The guess stays on screen; nobody keeps a score. */
import type { LessonBeatView } from "../../../worker/api.ts";
import { guess } from "../../actions/lesson.ts";
import { Mark } from "../../parts/Mark.tsx";
import { Rich } from "../../parts/Rich.tsx";

export function PredictBeat({ beat }: { beat: LessonBeatView }) {
  return (
    <ol className="options">
      {beat.options.map((option, index) => (
        <li key={option}>
          <Option beat={beat} option={option} number={index + 1} />
        </li>
      ))}
    </ol>
  );
}

interface OptionProps {
  readonly beat: LessonBeatView;
  readonly option: string;
  readonly number: number;
}

function Option({ beat, option, number }: OptionProps) {
  const isGuess = beat.guess === number;
  const isRight = beat.answer === number;
  return (
    <button
      type="button"
      className="option"
      aria-pressed={isGuess}
      data-right={isRight || undefined}
      disabled={beat.guess !== null}
      onClick={() => void guess(number)}
    >
      <Mark name={isRight ? "tick" : "predict"} />
      <span>
        <Rich text={option} />
      </span>
      <small>{says(isGuess, isRight)}</small>
    </button>
  );
}

function says(isGuess: boolean, isRight: boolean): string {
  if (isGuess && isRight) return "your guess, right";
  if (isGuess) return "your guess";
  return isRight ? "the answer" : "";
}
