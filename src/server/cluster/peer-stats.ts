/**
 * Servers tell each other how they are; who is silent for long counts as offline.
 * Source: nats-server `server/events.go` `heartbeatStatsz`, `remoteServerUpdate`,
 * `checkRemoteServers`, `processRemoteServerShutdown`.
 */
import { type DurationNanos, millis, minus, plus, seconds } from "../../kernel/index.ts";
import { reservedBytes } from "../assets/reserved-bytes.ts";
import type { ServerIo } from "../io.ts";
import { broadcastToPeers } from "../links/peers.ts";
import type { ServerState } from "../state.ts";
import { clusterOf } from "./cluster-state.ts";
import type { PeerReport } from "./peer-facts.ts";

/** The first statistics come soon, the pauses double up to `statsHBInterval`. */
export const firstStats: DurationNanos = millis(250);
const statsEvery: DurationNanos = seconds(10);
/** `orphMax`, `chkOrph`: 5 and 3 times `eventsHBInterval`. */
const silenceMax = seconds(150);
const sweepEvery = seconds(90);
/** About what the JSON of nats-server's statistics takes. */
const statsBytes = 1_100;

/** The servers of the cluster are known from the start, as nats-server knows them by their INFO. */
export function armStats(server: ServerState, io: ServerIo): void {
  setTimer(io, "stats", firstStats);
  setTimer(io, "sweep", sweepEvery);
  hearReport(server, io, reportOf(server));
}

export function onStatsTimer(server: ServerState, io: ServerIo): void {
  const cluster = clusterOf(server);
  if (cluster === null) return;
  const next = Math.min(cluster.statsEvery * 2, statsEvery) as DurationNanos;
  cluster.statsEvery = next;
  setTimer(io, "stats", next);
  sendStats(server, io);
}

/** Tells all others, and remembers what was told. */
export function sendStats(server: ServerState, io: ServerIo): void {
  const report = reportOf(server);
  hearReport(server, io, report);
  broadcastToPeers(server, io, { kind: "stats", report }, statsBytes);
}

/** Another server's statistics arrived; to one that was not known it is said hello at once. */
export function onStats(server: ServerState, io: ServerIo, report: PeerReport): void {
  const known = clusterOf(server)?.peers.get(report.name);
  const isNew = known === undefined || known.report?.id !== report.id;
  hearReport(server, io, report);
  if (isNew) sendStats(server, io);
}

/** A server said that it leaves. */
export function onPeerLeaves(server: ServerState, name: string): void {
  const facts = clusterOf(server)?.peers.get(name);
  if (facts !== undefined) facts.offline = true;
}

export function onSweepTimer(server: ServerState, io: ServerIo): void {
  setTimer(io, "sweep", sweepEvery);
  for (const facts of clusterOf(server)?.peers.values() ?? []) {
    if (facts.name !== server.name && minus(io.now, facts.heardAt) > silenceMax) {
      facts.offline = true;
    }
  }
}

/** Says goodbye to the others. Source: `sendShutdownEvent`, `sendLDMShutdownEventLocked`. */
export function tellLeaving(server: ServerState, io: ServerIo, isLameDuck: boolean): void {
  if (clusterOf(server) === null) return;
  const message = { kind: "shutdown", name: server.name, isLameDuck } as const;
  broadcastToPeers(server, io, message, 256);
}

function hearReport(server: ServerState, io: ServerIo, report: PeerReport): void {
  const { name } = report;
  const peers = clusterOf(server)?.peers;
  const usage = peers?.get(name)?.usage ?? [];
  peers?.set(name, { name, offline: false, heardAt: io.now, report, usage });
}

function reportOf(server: ServerState): PeerReport {
  const js = server.jetstream;
  const accounts = [...(js?.accounts.values() ?? [])];
  let [memory, storage, memoryReserved, storageReserved] = [0, 0, 0, 0];
  for (const account of accounts) {
    memory += account.memory;
    storage += account.storage;
    memoryReserved += reservedBytes(account, true, "");
    storageReserved += reservedBytes(account, false, "");
  }
  return Object.freeze({
    name: server.name,
    id: server.id,
    cluster: server.config.cluster?.name ?? "",
    tags: server.config.tags,
    memoryMax: js?.memoryMax ?? 0,
    storageMax: js?.storageMax ?? 0,
    memory,
    storage,
    memoryReserved,
    storageReserved,
  });
}

function setTimer(io: ServerIo, step: "stats" | "sweep", after: DurationNanos): void {
  io.setTimer(`cluster/${step}`, plus(io.now, after), { kind: "cluster", step, id: 0 });
}
