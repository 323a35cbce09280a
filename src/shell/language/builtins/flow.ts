/** `break`, `continue`, `return`, `exit`. */
import { type Call, wholeNumber } from "./call.ts";

export async function breakLoop(call: Call): Promise<number> {
  const levels = Math.max(1, wholeNumber(call, call.args[0] ?? "1"));
  call.shell.state.unwind = { kind: "break", levels };
  return 0;
}

export async function continueLoop(call: Call): Promise<number> {
  const levels = Math.max(1, wholeNumber(call, call.args[0] ?? "1"));
  call.shell.state.unwind = { kind: "continue", levels };
  return 0;
}

export async function returnFromFunction(call: Call): Promise<number> {
  const status = statusOf(call);
  call.shell.state.unwind = { kind: "return", status };
  return status;
}

/** Ends the line and all that is left of it; a terminal keeps its state and prompts again. */
export async function exitShell(call: Call): Promise<number> {
  const status = statusOf(call);
  call.shell.state.unwind = { kind: "exit", status };
  return status;
}

function statusOf(call: Call): number {
  const [text] = call.args;
  return text === undefined ? call.shell.state.lastExit : wholeNumber(call, text) % 256;
}
