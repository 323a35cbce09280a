/** The shell room: the programs of the sandbox, the terminal's line, completion. */

export { natsProgram } from "./commands/nats/app.ts";
export {
  type Completion,
  type CompletionState,
  complete,
  type StreamNames,
} from "./complete.ts";
export { completionState } from "./complete-state.ts";
export { createPrograms, programs } from "./programs.ts";
export { searchHistory, usefulHistory } from "./terminal/history.ts";
export { type PromptState, promptText } from "./terminal/prompt.ts";
export { lineProblem } from "./terminal/whole-line.ts";
