/** The meta leader proposes what it decided. */
import { printStreamConfig } from "../../../jetstream/index.ts";
import { encodeJson } from "../../../protocol/index.ts";
import { propose } from "../../groups/propose.ts";
import type { ServerState } from "../../state.ts";
import type { MetaEntry } from "../assignments.ts";
import { clusterOf, metaGroup } from "../cluster-state.ts";
import { groupOf } from "../leadership.ts";
import { trackProposal } from "./inflight.ts";

/** What stands in an assignment beside the configuration: client, group, subjects (our model). */
const baseBytes = 600;
const consumerBytes = 400;

/** Proposes a decision; lost without a word when this server does not lead any more. */
export function proposeMeta(server: ServerState, entry: MetaEntry): void {
  const cluster = clusterOf(server);
  const meta = groupOf(server, metaGroup);
  if (cluster === null || meta === null) return;
  const value = Object.freeze(entry);
  if (propose(server, meta, value, entryBytes(value))) trackProposal(cluster, value);
}

function entryBytes(entry: MetaEntry): number {
  switch (entry.op) {
    case "assign-stream":
    case "update-stream":
      return baseBytes + encodeJson(printStreamConfig(entry.spec.config)).length;
    case "assign-consumer":
      return baseBytes + consumerBytes;
    default:
      return baseBytes;
  }
}
