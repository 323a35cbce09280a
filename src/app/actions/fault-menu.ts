/** Which thing the fault menu is open for, and beside what. */
import { create } from "zustand";
import { useView } from "../store/view.ts";

interface FaultMenuStore {
  readonly server: string | null;
  /** A replicated stream that the menu was opened on; empty for none. */
  readonly stream: string;
  readonly anchor: HTMLElement | null;
}

export const useFaultMenu = create<FaultMenuStore>()(() => ({
  server: null,
  stream: "",
  anchor: null,
}));

/** Opens the faults of a thing's server; a stream or a chair stands for the server it is on. */
export function openFaultMenu(id: string, anchor: HTMLElement): void {
  useFaultMenu.setState({ server: serverOf(id), stream: replicatedStream(id), anchor });
}

export function closeFaultMenu(): void {
  const { anchor } = useFaultMenu.getState();
  useFaultMenu.setState({ server: null, stream: "", anchor: null });
  anchor?.focus();
}

/** Name of the server that a thing belongs to; the first one when it belongs to none. */
function serverOf(id: string): string {
  const view = useView.getState();
  if (id.startsWith("replica:")) return id.slice(id.lastIndexOf("/") + 1);
  const stream = view.consumers.get(id)?.stream ?? id;
  const server = view.streams.get(stream)?.server ?? view.clients.get(id)?.server ?? id;
  const found = view.servers.get(server) ?? view.servers.values().next().value;
  return found?.name ?? "n1";
}

/** The stream on whose leader's row a menu opens. */
function replicatedStream(id: string): string {
  const stream = useView.getState().streams.get(id);
  return stream === undefined || stream.group === "" ? "" : stream.name;
}
