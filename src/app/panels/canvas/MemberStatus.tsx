/** A member of a Raft group: its term in a hexagon, its role, the votes that it has. */
import type { GroupView, MemberView } from "../../../worker/frames.ts";
import type { LaneForm } from "./layout/scene.ts";
import type { Point } from "./layout/track.ts";

const marks = {
  leader: "crown",
  stale: "crown-hollow",
  candidate: "hand",
  follower: "follow",
  down: "dead",
};
export const roleWords = {
  leader: "leader",
  stale: "stale leader",
  candidate: "candidate",
  follower: "follower",
  down: "down",
};

/** Term colours go round; the number is always there too. */
const termColours = 5;

interface MemberStatusProps {
  readonly group: GroupView;
  readonly member: MemberView;
  /** Left end of its middle line, relative to the node. */
  readonly at: Point;
  readonly form: LaneForm;
}

export function MemberStatus({ group, member, at, form }: MemberStatusProps) {
  const { term, state } = member;
  // A server that is down says so itself.
  if (state === "down") return null;
  const colour = { color: `var(--term-${((term - 1) % termColours) + 1})` };
  return (
    <g transform={`translate(${at.x} ${at.y})`} className="member" data-state={state}>
      <g style={colour} className="hex">
        <use href="#m-hex" x="-2" y="-12" width="24" height="24" />
        <text x="10" y="4.2" className="c">
          {term}
        </text>
      </g>
      <use href={`#m-${marks[state]}`} x="27" y="-9" width="18" height="18" className="role-mark" />
      <text x="50" y="4.2" className="role-word">
        {roleWords[state]}
      </text>
      {state === "candidate" ? <Votes group={group} member={member} form={form} /> : null}
    </g>
  );
}

/** Given, asked for, and no way to get it: a dot for each member. */
function Votes({ group, member, form }: Omit<MemberStatusProps, "at">) {
  const states = new Map(group.members.map(({ server, state }) => [server, state]));
  const others = [...states.keys()].filter((server) => server !== member.server);
  // Beside its own timer.
  const [x, y] = form === "slim" ? [138, 0] : [28, 25];
  return (
    <g transform={`translate(${x} ${y})`} className="votes">
      {[member.server, ...others].map((server, place) => {
        const given = member.votes.includes(server);
        const kind = given ? "given" : states.get(server) === "down" ? "none" : "asked";
        return (
          <g key={server} transform={`translate(${4 + place * 15} 0)`}>
            <circle r="5.5" className={`vote vote-${kind}`} />
            {kind === "none" ? <path d="M-3 -3l6 6M3 -3l-6 6" className="vote-x" /> : null}
          </g>
        );
      })}
      <text x={2 + states.size * 15} y="4.2" className="s">
        {`${member.votes.length} of ${member.needs} votes`}
      </text>
    </g>
  );
}
