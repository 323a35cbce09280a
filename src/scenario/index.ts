/** The scenario room's public face: sessions, runs of scenario files, the library. */
export { behaviour } from "./behaviour.ts";
export type { BranchComparison, ComparedBranch } from "./comparison/compare.ts";
export type {
  ComparedSection,
  ComparedValue,
  StateDifference,
} from "./comparison/state-differences.ts";
export { courseTitles } from "./courses.ts";
export { execLine } from "./exec.ts";
export { loadMonitoringParts, loadPredicates } from "./first-use.ts";
export type { FollowedSession, LessonDoor, SessionGround } from "./ground.ts";
export { endOfInput } from "./inputs.ts";
export { library, libraryScenario } from "./library.ts";
export { type RunReport, runScenario } from "./runner.ts";
export { Session } from "./session.ts";
export { parseInstant, SetupError } from "./setup.ts";
