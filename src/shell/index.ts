/** The shell room: the programs of the sandbox, the terminal's line, completion. */
export { complete } from "./complete.ts";
export { completionState } from "./complete-state.ts";
export {
  loadCompletion,
  loadNatsProgram,
  loadPrograms,
  natsProgram,
} from "./loaded-programs.ts";
export { programs } from "./programs.ts";
export { promptText } from "./terminal/prompt.ts";
export { lineProblem } from "./terminal/whole-line.ts";
