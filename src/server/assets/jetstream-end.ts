/** The end of JetStream: with its server, or before it in a lame duck, which keeps its clients. */
import { tellOfShutdown } from "../../jetstream/index.ts";
import { clusterParts } from "../cluster-door.ts";
import { dropSubscription, unwatchInterest } from "../interest/subscribe.ts";
import type { InternalKind } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { withConsumer } from "./consumers/consumer-step.ts";

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
 * The server ends in good order: who waits for messages of a consumer that is nowhere else is told.
 * Source: `signalPullConsumers`, which goes by the replicas as they were asked for.
 */
export function dismissPulls(server: ServerState, io: ServerIo): void {
  for (const account of server.jetstream?.accounts.values() ?? []) {
    for (const asset of account.streams.values()) {
      for (const consumer of asset.consumers.values()) {
        if (consumer.config.num_replicas > 1) continue;
        withConsumer({ server, io, asset, consumer }, (_, out) => tellOfShutdown(consumer, out));
      }
    }
  }
}

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
