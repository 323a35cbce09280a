/** The shell room: the programs of the sandbox, the terminal's line, completion. */
export { natsProgram } from "./commands/nats/app.ts";
export { type CompletionState, complete } from "./complete.ts";
export { completionState } from "./complete-state.ts";
export { programs } from "./programs.ts";
export { promptText } from "./terminal/prompt.ts";
export { lineProblem } from "./terminal/whole-line.ts";
