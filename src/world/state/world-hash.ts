/** The hash of a world: equal for equal runs, whatever was watched meanwhile. */
import { stateHash } from "../../kernel/index.ts";
import type { World } from "../world.ts";

/** Of a terminal's commands, how their output lay on the screen. */
const screensOnly: ReadonlySet<string> = new Set(["screenTurns"]);

/**
 * 32 hex digits over the canonical state of kernel, hosts, servers, disks, links, actors and
 * ledger. Trace, screens and the insides of processes are not in the world and so not in it.
 */
export function worldHash(world: World): string {
  return stateHash(world, screensOnly);
}
