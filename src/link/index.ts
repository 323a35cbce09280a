/** The link room's public face: the `.wt` grammar and the share codec. */
export { formatScenario, tidyScenario } from "./format.ts";
export { parseScenario, parseScenarioLines } from "./parse.ts";
export {
  emptyScenario,
  type Scenario,
  ScenarioError,
  type ScenarioFile,
} from "./scenario-file.ts";
export {
  decodeShare,
  encodeShare,
  type SharedSession,
  ShareLinkError,
} from "./share.ts";
