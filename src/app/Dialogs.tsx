/** The sheets, loaded when the first one is asked for. */
import { CommandBar } from "./panels/dialogs/CommandBar.tsx";
import { FaultsDialog } from "./panels/dialogs/FaultsDialog.tsx";
import { KeysDialog } from "./panels/dialogs/KeysDialog.tsx";
import { ShareDialog } from "./panels/dialogs/ShareDialog.tsx";
import { LessonsDialog, ShelfDialog } from "./panels/dialogs/ShelfDialog.tsx";
import type { Dialog } from "./store/page.ts";

type Sheet = Exclude<Dialog, "branches">;

const sheets: Record<Sheet, () => React.ReactNode> = {
  share: ShareDialog,
  keys: KeysDialog,
  commands: CommandBar,
  lessons: LessonsDialog,
  shelf: ShelfDialog,
  faults: FaultsDialog,
};

export function Dialogs({ dialog }: { dialog: Sheet }) {
  const Sheet = sheets[dialog];
  return <Sheet />;
}
