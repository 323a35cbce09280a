/** The scenario room's public face: sessions, runs of scenario files, the library. */
export { behaviour } from "./behaviour.ts";
export type { StopReason } from "./driver.ts";
export { type ExecResult, execLine } from "./exec.ts";
export type { Accepted, BranchView, SessionGround, SessionListener } from "./ground.ts";
export { endOfInput, isForPeople } from "./inputs.ts";
export { type LibraryScenario, library, libraryScenario } from "./library.ts";
export { type RunFailure, type RunOptions, type RunReport, runScenario } from "./runner.ts";
export { Session } from "./session.ts";
export { parseInstant, SetupError } from "./setup.ts";
export type { StepKind } from "./steps.ts";
export type { TimelineMark } from "./timeline.ts";
