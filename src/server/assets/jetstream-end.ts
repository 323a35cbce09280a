/** JetStream ends while its server goes on: as a lame duck, which keeps only its clients. */
import { clusterParts } from "../cluster-door.ts";
import { dropSubscription, unwatchInterest } from "../interest/subscribe.ts";
import type { InternalKind } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { Account, ServerState } from "../state.ts";

/** Subscribers that belong to what an account has of JetStream. */
const assetKinds: ReadonlySet<InternalKind> = new Set([
  "stream",
  "direct-get",
  "origin",
  "ack",
  "flow-control",
  "push-interest",
  "next",
  "reset",
]);
const allKinds: ReadonlySet<InternalKind> = new Set<InternalKind>(["api", ...assetKinds]);

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
  for (const account of server.accounts.values()) silence(server, account, allKinds);
  server.jetstream = null;
  io.log("info", "JetStream Shutdown");
}

/**
 * An account that may not use JetStream any more: its API goes on to answer that. What stands on
 * the disk is there again when the account may. Source: nats-server `Account.DisableJetStream`.
 */
export function closeJetStreamAccount(server: ServerState, name: string): void {
  const account = server.accounts.get(name);
  if (server.jetstream?.accounts.delete(name) !== true || account === undefined) return;
  silence(server, account, assetKinds);
}

function silence(server: ServerState, account: Account, kinds: ReadonlySet<InternalKind>): void {
  const { interest, name } = account;
  for (const sub of [...interest.subs.values()]) {
    if (sub.target !== null && kinds.has(sub.target.kind)) {
      dropSubscription(server, account, sub.id);
    }
  }
  for (const [subject, watches] of [...interest.watches]) {
    for (const { target } of [...watches]) {
      if (kinds.has(target.kind)) unwatchInterest(server, name, { subject, target });
    }
  }
}
