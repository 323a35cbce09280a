/** A Raft group: a column for each member, what differs from row to row in bold. */
import type { RaftTableView } from "../../../worker/frames.ts";
import { useView } from "../../store/view.ts";

const marks: Readonly<Record<string, string>> = {
  leader: "crown",
  "stale leader": "crown-hollow",
  candidate: "hand",
  follower: "follow",
  "–": "dead",
};

export function RaftTable({ raft }: { readonly raft: RaftTableView }) {
  return (
    <div className="raft-box scroll">
      <table className="rows raft-table">
        <caption>
          Raft group <code>{raft.group}</code>
        </caption>
        <thead>
          <tr>
            <th scope="col">member</th>
            {raft.members.map((member) => (
              <th key={member} scope="col">
                <button
                  type="button"
                  className="link"
                  onClick={() => useView.getState().select(`server:${member}`)}
                >
                  {member}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {raft.rows.map(({ label, values }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {values.map((value, place) => (
                <td key={raft.members[place]}>
                  {label === "role" ? <Role role={value} /> : value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mut">
        Entries are numbered by the log: the first of each term is the leader’s own.
      </p>
    </div>
  );
}

function Role({ role }: { readonly role: string }) {
  const words = role === "–" ? "down" : role;
  return (
    <span className="raft-role" data-role={role} title={words}>
      <svg className="i" aria-hidden="true">
        <use href={`#m-${marks[role] ?? "follow"}`} />
      </svg>
      <span className="vh">{words}</span>
    </span>
  );
}
