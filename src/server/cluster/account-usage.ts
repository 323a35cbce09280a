/**
 * What an account uses in the whole cluster: servers tell each other what they hold.
 * Source: nats-server `server/jetstream.go` `sendClusterUsageUpdate`, `remoteUpdateUsage`.
 */
import { millis, plus } from "../../kernel/index.ts";
import type { JetStreamAccount } from "../assets/jetstream-state.ts";
import type { ServerIo } from "../io.ts";
import { broadcastToPeers } from "../links/peers.ts";
import type { ServerState } from "../state.ts";
import { clusterOf } from "./cluster-state.ts";
import type { AccountUsage } from "./peer-facts.ts";

/** `usageTick`. nats-server also tells of a change at once, at most each 250 ms (our model). */
const usageEvery = millis(1500);
/** An account's record in nats-server's message, with its name. */
const recordBytes = 60;

export type UsageMessage = { readonly accounts: readonly AccountUsage[]; readonly name: string };

export function armUsage(io: ServerIo): void {
  const timer = { kind: "cluster", step: "usage", id: 0 } as const;
  io.setTimer("cluster/usage", plus(io.now, usageEvery), timer);
}

/** Tells the others, when something has changed. */
export function onUsageTimer(server: ServerState, io: ServerIo): void {
  armUsage(io);
  const cluster = clusterOf(server);
  const accounts = server.jetstream?.accounts;
  if (cluster === null || accounts === undefined) return;
  if (isTold(cluster.usageTold, accounts)) return;
  const usage = Object.freeze([...accounts.values()].map(usageOf));
  cluster.usageTold = usage;
  const message = { kind: "usage", name: server.name, accounts: usage } as const;
  broadcastToPeers(server, io, message, usage.length * recordBytes);
}

export function onUsage(server: ServerState, { name, accounts }: UsageMessage): void {
  const facts = clusterOf(server)?.peers.get(name);
  if (facts !== undefined) facts.usage = accounts;
}

/** This server's use and what the others told of theirs. */
export function clusterUsage(server: ServerState, account: JetStreamAccount): AccountUsage {
  let { memory, storage, apiTotal, apiErrors } = account;
  for (const { name, usage } of clusterOf(server)?.peers.values() ?? []) {
    const told = usage.find((one) => one.name === account.name);
    if (name === server.name || told === undefined) continue;
    memory += told.memory;
    storage += told.storage;
    apiTotal += told.apiTotal;
    apiErrors += told.apiErrors;
  }
  return { name: account.name, memory, storage, apiTotal, apiErrors };
}

function usageOf({ name, memory, storage, apiTotal, apiErrors }: JetStreamAccount): AccountUsage {
  return Object.freeze({ name, memory, storage, apiTotal, apiErrors });
}

function isTold(
  told: readonly AccountUsage[],
  accounts: ReadonlyMap<string, JetStreamAccount>,
): boolean {
  if (told.length !== accounts.size) return false;
  return told.every((one) => {
    const now = accounts.get(one.name);
    return (
      now !== undefined &&
      now.memory === one.memory &&
      now.storage === one.storage &&
      now.apiTotal === one.apiTotal &&
      now.apiErrors === one.apiErrors
    );
  });
}
