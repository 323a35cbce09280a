/** Which thing the fault menu is open for, and beside what. */
import { create } from "zustand";
import { useView } from "../store/view.ts";

interface FaultMenuStore {
  readonly server: string | null;
  readonly anchor: HTMLElement | null;
}

export const useFaultMenu = create<FaultMenuStore>()(() => ({ server: null, anchor: null }));

/** Opens the faults of a thing's server; a stream or a chair stands for the server it is on. */
export function openFaultMenu(id: string, anchor: HTMLElement): void {
  useFaultMenu.setState({ server: serverOf(id), anchor });
}

export function closeFaultMenu(): void {
  const { anchor } = useFaultMenu.getState();
  useFaultMenu.setState({ server: null, anchor: null });
  anchor?.focus();
}

/** Name of the server that a thing belongs to; the first one when it belongs to none. */
function serverOf(id: string): string {
  const view = useView.getState();
  const stream = view.consumers.get(id)?.stream ?? id;
  const server = view.streams.get(stream)?.server ?? view.clients.get(id)?.server ?? id;
  const found = view.servers.get(server) ?? view.servers.values().next().value;
  return found?.name ?? "n1";
}
