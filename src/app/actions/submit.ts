/** Every input is a line of text: this is the one place where the page puts lines in. */
import type { InputRequest, ScreenSize } from "../../worker/api.ts";
import { engine } from "../engine.ts";
import { useView } from "../store/view.ts";

/** Journals a line on the terminal in front, which prints it as if it had been typed. */
export async function submit(
  line: string,
  tty = useView.getState().terminal,
  size?: ScreenSize,
): Promise<void> {
  await engine().input(sized({ tty, kind: "line", text: line }, size));
}

export async function sendKey(tty: string, text: string, size?: ScreenSize): Promise<void> {
  await engine().input(sized({ tty, kind: "key", text }, size));
}

/**
 * How wide a program's lines may be is an input of the world, as it is part of what it prints. It
 * goes in with what somebody types, and never by itself: a window that is dragged larger while the
 * past is looked at would else begin a branch.
 */
function sized(request: InputRequest, size: ScreenSize | undefined): InputRequest {
  return size === undefined ? request : { ...request, size };
}

export async function sendSignal(tty: string, name: string): Promise<void> {
  await engine().input({ tty, kind: "signal", text: name });
}

type Proposal = (line: string) => void;
let takeProposal: Proposal | null = null;
let waiting = "";

/** Types a line at the prompt and leaves it there: Enter is the person's. */
export function propose(line: string): void {
  if (takeProposal === null) waiting = line;
  else takeProposal(line);
}

/** The terminal in front takes proposals; one made before it was there is handed over now. */
export function takeProposals(take: Proposal): () => void {
  takeProposal = take;
  if (waiting !== "") take(waiting);
  waiting = "";
  return () => {
    if (takeProposal === take) takeProposal = null;
  };
}
