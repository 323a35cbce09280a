/** Which world this is and how its lines of history hang together. */
import type { Session } from "../../scenario/index.ts";
import type { BranchView, SessionView } from "../frames.ts";
import type { Opened } from "../open-session.ts";

/** `redos`: how many inputs were taken back and can be put in again. */
export function viewSession(
  { session, title, scenario, given }: Opened,
  redos: number,
): SessionView {
  const applied = session.journal().slice(0, session.applied);
  const typed = applied.filter((entry) => !given.has(entry) && entry.kind !== "resize");
  const { branches } = session;
  const nameOf = (id: number | null) => branches.find((one) => one.id === id)?.name ?? null;
  return {
    title,
    scenario,
    seed: session.seed,
    branch: session.branch,
    branches: branches.map(
      ({ id, name, parent, forkedAt, at }): BranchView => ({
        id,
        name,
        parent: nameOf(parent),
        forkedAt,
        end: toTenth(at),
      }),
    ),
    undo: typed[typed.length - 1]?.text ?? null,
    redo: redos > 0 ? "the input taken back" : null,
    end: toTenth(session.newest),
  };
}

/** What a person called the branch shown; nothing while it has the name it was born with. */
export function givenName({ branch, branches }: Session): { readonly branch?: string } {
  const name = branches.find((one) => one.id === branch)?.name ?? "";
  return /^(main|branch \d+)?$/.test(name) ? {} : { branch: name };
}

/** Nobody reads the end of time more exactly, and each change is a message to the page. */
function toTenth(nanos: number): number {
  return Math.floor(nanos / 1e8) * 1e8;
}
