/** Counts what servers advise about, whether or not anybody listens on the advisory's subject. */
import type { TraceKind, TraceRecord } from "../../server/index.ts";
import type { World } from "../world.ts";

/** By the token that names the kind in `$JS.EVENT.ADVISORY.CONSUMER.<KIND>.…` (ADR-3). */
const kindByRecord: { readonly [K in TraceKind]?: string } = {
  "max-deliver": "MAX_DELIVERIES",
  nak: "MSG_NAKED",
  term: "MSG_TERMINATED",
};

export function noteAdvisory(world: World, record: TraceRecord): void {
  const kind = kindByRecord[record.kind];
  if (kind === undefined || !world.options.ledger) return;
  const last = `${record.stream}/${record.consumer} ${record.seq}`;
  const count = (world.advisories.get(kind)?.count ?? 0) + 1;
  world.advisories.set(kind, { count, last });
}
