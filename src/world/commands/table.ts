/** The command table, in the order in which help lists families. */
import { configCommands } from "./config.ts";
import { expectCommands } from "./expect.ts";
import { faultCommands } from "./fault.ts";
import type { WorldCommandSpec } from "./grammar.ts";
import { lessonCommands } from "./lesson.ts";
import { loadCommands } from "./load.ts";
import { simCommands } from "./sim.ts";
import { topologyCommands } from "./topology.ts";

export const commandTable: readonly WorldCommandSpec[] = [
  ...topologyCommands,
  ...configCommands,
  ...faultCommands,
  ...loadCommands,
  ...simCommands,
  ...expectCommands,
  ...lessonCommands,
];
