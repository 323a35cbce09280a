/** The goal beside your own state; what differs stands out, by mark, by word, then by colour. */
import type { LessonBeatView, LessonRowView, LessonView } from "../../../worker/api.ts";
import { seek } from "../../actions/transport.ts";
import { shortText } from "../../parts/figures.ts";
import { Mark } from "../../parts/Mark.tsx";

export function GoalBeat({ beat, lesson }: { beat: LessonBeatView; lesson: LessonView }) {
  const isOn = beat.state === "now";
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
      {isOn && lesson.lastTick !== null ? (
        <p className="goal-back">
          Off the track?{" "}
          <button
            type="button"
            className="link"
            onClick={() => void seek(lesson.lastTick as number)}
          >
            Back to {shortText(lesson.lastTick)}
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
