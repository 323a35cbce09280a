/** What a session asks of comparisons; their code comes with the first one. */

import { loadMonitoringParts } from "../first-use.ts";
import type { BranchComparison } from "./compare.ts";
import type { FirstApart } from "./first-apart.ts";

export type { BranchComparison, Stand } from "./compare.ts";
export type { FirstApart } from "./first-apart.ts";

type Compare = typeof import("./compare.ts").compareAt;
type First = typeof import("./first-apart.ts").firstApart;

/** See `compare.ts`. */
export async function compareAt(...asked: Parameters<Compare>): Promise<BranchComparison | null> {
  await loadMonitoringParts();
  return (await import("./compare.ts")).compareAt(...asked);
}

/** See `first-apart.ts`. */
export async function firstApart(
  ...asked: Parameters<First>
): Promise<readonly FirstApart[] | null> {
  await loadMonitoringParts();
  return (await import("./first-apart.ts")).firstApart(...asked);
}
