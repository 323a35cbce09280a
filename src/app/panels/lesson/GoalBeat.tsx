/** The goal beside your own state; what differs stands out, by mark, by word, then by colour. */
import type { LessonBeatView, LessonRowView, LessonView } from "../../../worker/api.ts";
import { seek } from "../../actions/transport.ts";
import { shortText } from "../../parts/figures.ts";
import { Mark } from "../../parts/Mark.tsx";
import { useView, type View } from "../../store/view.ts";

/** Virtual nanoseconds without a step before a way back is offered. */
const patience = 12e9;
const selectSeconds = (view: View) => Math.floor(view.at / 1e9) * 1e9;

export function GoalBeat({ beat, lesson }: { beat: LessonBeatView; lesson: LessonView }) {
  const at = useView(selectSeconds);
  // Who has just done the last step waits for it to work.
  const isLate = lesson.lastTick !== null && at > lesson.lastTick + patience;
  return (
    <>
      <table className="goal">
        <thead>
          <tr>
            <th scope="col">
              <span className="vh">what</span>
            </th>
            <th scope="col">yours</th>
            <th scope="col">goal</th>
          </tr>
        </thead>
        <tbody>
          {beat.rows.map((row) => (
            <GoalLine key={row.label} row={row} />
          ))}
        </tbody>
      </table>
      {beat.state === "now" && isLate ? (
        <p className="goal-back">
          Off the track?{" "}
          <button
            type="button"
            className="link"
            onClick={() => void seek(lesson.lastTick as number)}
          >
            Back to {shortText(lesson.lastTick ?? 0)}
          </button>
          , where the last step was done. What you did since stays on its branch.
        </p>
      ) : null}
    </>
  );
}

function GoalLine({ row }: { row: LessonRowView }) {
  return (
    <tr data-holds={row.holds}>
      <th scope="row">
        <Mark name={row.holds ? "tick" : "todo"} />
        {row.label}
      </th>
      <td>
        {row.yours}
        <span className="vh">{row.holds ? ", as the goal" : ", differs"}</span>
      </td>
      <td>{row.wanted}</td>
    </tr>
  );
}
