/** What the rail reads of branches, and of what can be taken back. */
import type { View } from "./view.ts";

export const selectBranches = (view: View) => view.session.branches;
export const selectBranch = (view: View) => view.session.branch;
export const selectBranchCount = (view: View) => view.session.branches.length;
export const selectBranchName = ({ session }: View) =>
  session.branches.find((one) => one.id === session.branch)?.name ?? "";
export const selectUndo = (view: View) => view.session.undo;
export const selectRedo = (view: View) => view.session.redo;
