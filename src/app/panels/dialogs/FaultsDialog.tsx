import { Dialog } from "../../parts/Dialog.tsx";
import { useView } from "../../store/view.ts";
import { FaultList } from "../left/FaultList.tsx";

export function FaultsDialog() {
  return (
    <Dialog title="Faults" onClose={() => useView.getState().open(null)}>
      <p className="mut">Each is a command; the terminal shows it, and the journal keeps it.</p>
      <FaultList />
    </Dialog>
  );
}
