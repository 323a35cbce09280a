/**
 * The state object: what predicates, `window.windtunnel.state()` and `GET /state` see of a world.
 * Every section, and every entry of one, is computed when it is first asked for; the whole is
 * thrown away with the next event or input.
 */
import { nextEventAt } from "../../kernel/index.ts";
import type { ActorRecord } from "../actors.ts";
import { unsyncedBytes } from "../disk.ts";
import { type Host, serverHosts } from "../host.ts";
import { advisoryView } from "../ledger/advisories.ts";
import { ledgerView } from "../ledger/ledger.ts";
import { type Link, readLink } from "../links.ts";
import type { World } from "../world.ts";
import { clientDocuments } from "./clients.ts";
import { consumerSection, streamSection, varzDocument } from "./documents.ts";
import { kvSection } from "./kv.ts";
import { lazy, lazyBy, type StateObject } from "./lazy.ts";
import { metaSection, raftSection } from "./raft.ts";

interface Cached {
  readonly stamp: string;
  readonly state: StateObject;
}

// Outside of the world: a cache may not be hashed, and goes with its world.
const cache = new WeakMap<World, Cached>();

/** The state object of this moment. JSON.stringify reads it whole. */
export function stateObject(world: World): StateObject {
  const stamp = stampOf(world);
  const known = cache.get(world);
  if (known?.stamp === stamp) return known.state;
  const state = lazy({
    now: () => world.kernel.now,
    hosts: () =>
      lazyBy(
        serverHosts(world),
        (host) => host.name,
        (host) => hostView(world, host),
      ),
    links: () => lazyBy(allLinks(world), linkKey, linkView),
    meta: () => metaSection(world),
    streams: () => streamSection(world),
    consumers: () => consumerSection(world),
    kv: () => kvSection(world),
    raft: () => raftSection(world),
    clients: () => clientDocuments(world),
    drops: () => world.drops.map((rule) => ({ ...rule })),
    actors: () => lazyBy([...world.actors.values()], (actor) => actor.name, actorView),
    advisories: () => advisoryView(world),
    terminals: () => {
      return lazyBy(
        [...world.terminals.values()],
        (terminal) => terminal.name,
        (terminal) => ({ commands: terminal.commands }),
      );
    },
    ledger: () => ledgerView(world),
  });
  cache.set(world, { stamp, state });
  return state;
}

/** Changes with every event and with every input between events. */
function stampOf(world: World): string {
  const { kernel } = world;
  const next = nextEventAt(kernel) ?? -1;
  return `${kernel.eventsRun}/${kernel.now}/${next}/${world.notable}/${world.flightNext}/${world.inputs}`;
}

function hostView(world: World, host: Host): StateObject {
  return lazy({
    up: () => host.up,
    frozen: () => host.frozen,
    powered: () => host.powered,
    clock_offset: () => host.clockOffset,
    disk: () => ({
      unsynced_bytes: unsyncedBytes(host.disk),
      sync_interval: host.disk.syncInterval ?? 0,
      files: host.disk.files.size,
    }),
    varz: () => varzDocument(world, host),
  });
}

/** Every pair of hosts, in the order of hosts. */
function allLinks(world: World): Link[] {
  const names = [...world.hosts.keys()];
  return names.flatMap((one, i) => names.slice(i + 1).map((other) => readLink(world, one, other)));
}

function linkKey(link: Link): string {
  return `${link.first}-${link.second}`;
}

function linkView(link: Link): StateObject {
  const { cut, latency, jitter, bandwidth } = link;
  return { cut, latency, jitter, loss: link.lossChance / 0x1_0000_0000, bandwidth: bandwidth ?? 0 };
}

function actorView(actor: ActorRecord): StateObject {
  const { counters } = actor;
  return {
    sent: counters.sent,
    acked: counters.acked,
    received: counters.received,
    processed: counters.processed,
    unique: counters.unique,
    nacked: counters.nacked,
    redelivered: counters.redelivered,
    refused: counters.refused,
    timeouts: counters.timeouts,
    errors: Object.fromEntries(counters.errors),
    last_puback: counters.lastPubAck,
    running: actor.status === "running",
  };
}
