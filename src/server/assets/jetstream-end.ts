/** JetStream ends while its server goes on: as a lame duck, which keeps only its clients. */
import { clusterParts } from "../cluster-door.ts";
import { dropSubscription, unwatchInterest } from "../interest/subscribe.ts";
import type { InternalKind } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";

/** Subscribers that belong to JetStream. */
const kinds: ReadonlySet<InternalKind> = new Set([
  "api",
  "stream",
  "direct-get",
  "origin",
  "ack",
  "flow-control",
  "push-interest",
  "next",
  "reset",
]);

/**
 * Streams, consumers and the API are heard no more, and no group has a member here; what stands on
 * the disk stays. Timers of assets that are still set find nothing. Source: `shutdownJetStream`.
 */
export function shutDownJetStream(server: ServerState, io: ServerIo): void {
  if (server.jetstream === null) return;
  io.log("info", "Initiating JetStream Shutdown...");
  for (const group of [...(server.groups?.values() ?? [])]) {
    clusterParts().closeGroup(server, io, group, { remove: false });
  }
  for (const account of server.accounts.values()) {
    const { interest, name } = account;
    for (const sub of [...interest.subs.values()]) {
      if (sub.target !== null && kinds.has(sub.target.kind))
        dropSubscription(server, account, sub.id);
    }
    for (const [subject, watches] of [...interest.watches]) {
      for (const { target } of [...watches]) {
        if (kinds.has(target.kind)) unwatchInterest(server, name, { subject, target });
      }
    }
  }
  server.jetstream = null;
  io.log("info", "JetStream Shutdown");
}
