/** What the rail reads of branches, and of what can be taken back. */
import type { BranchView } from "../../worker/frames.ts";
import type { View } from "./view.ts";

export const selectBranches = (view: View) => view.session.branches;
export const selectBranch = (view: View) => view.session.branch;
export const selectBranchCount = (view: View) => view.session.branches.length;
export const selectBranchName = ({ session }: View) =>
  session.branches.find((one) => one.id === session.branch)?.name ?? "";
export const selectUndo = (view: View) => view.session.undo;
export const selectRedo = (view: View) => view.session.redo;

const noForks: readonly BranchView[] = [];
let lastForks = noForks;

/** Branches that left another: the same list until one is added or renamed, while ends move on. */
export const selectForks = ({ session }: View): readonly BranchView[] => {
  const forks = session.branches.filter((branch) => branch.forkedAt !== null);
  const isSame = forks.length === lastForks.length && forks.every(isLast);
  if (!isSame) lastForks = forks.length === 0 ? noForks : forks;
  return lastForks;
};

const isLast = ({ id, name, forkedAt }: BranchView, index: number) => {
  const last = lastForks[index];
  return id === last?.id && name === last.name && forkedAt === last.forkedAt;
};
