/** Two branches side by side: the one that is shown and the one that it left. */
import { useView } from "../store/view.ts";

export function toggleCompare(): void {
  const view = useView.getState();
  const { branches, branch } = view.session;
  if (view.comparing !== null) {
    view.choose({ comparing: null });
    return;
  }
  const shown = branches.find((one) => one.id === branch);
  const parent = branches.find((one) => one.name === shown?.parent);
  const other = parent ?? branches.find((one) => one.id !== branch);
  if (shown === undefined || other === undefined) {
    const message = "There is one branch so far. Go back in time and act: another one opens.";
    view.report({ kind: "notice", message });
    return;
  }
  view.choose({ comparing: { left: other.id, right: shown.id } });
}
