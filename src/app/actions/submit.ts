/** Every input is a line of text: this is the one place where the page puts lines in. */
import { engine } from "../engine.ts";
import { useView } from "../store/view.ts";

/** Journals a line on the terminal in front, which prints it as if it had been typed. */
export async function submit(line: string, tty = useView.getState().terminal): Promise<void> {
  await engine().input({ tty, kind: "line", text: line });
}

export async function sendKey(tty: string, text: string): Promise<void> {
  await engine().input({ tty, kind: "key", text });
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
