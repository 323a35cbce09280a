/** Clients as chairs: workload actors, terminals, and whoever else holds a connection. */
import { type ActorRecord, deskServers, type World } from "../../world/index.ts";
import type { ClientView, ConsumerView } from "../frames.ts";
import { hiddenTerminal } from "../people.ts";
import { type FoundStream, namedStream, streamFor } from "./assets.ts";
import type { FlightBook } from "./flights.ts";
import { clientId, clientOf, consumerId, serverId, splitId, streamId } from "./names.ts";

/** Latencies below this cannot be seen at any speed that anybody watches. */
const visibleLatency = 20e6;

export interface ClientScene {
  readonly world: World;
  readonly streams: readonly FoundStream[];
  readonly book: FlightBook;
}

export function viewClients(scene: ClientScene): ClientView[] {
  const { world } = scene;
  const views = [...world.actors.values()]
    .filter((actor) => actor.status === "running")
    .map((actor) => viewActor(scene, actor));
  const open = new Map<string, string>();
  for (const conn of world.conns.values()) {
    const client = clientOf(world, conn);
    if (client !== null && !world.actors.has(splitId(client)[1])) open.set(client, conn.b.host);
  }
  for (const tty of world.terminals.keys()) {
    const id = clientId(tty);
    if (tty === hiddenTerminal || open.has(id)) continue;
    const idle = scene.book.reachesOf(id, world.kernel.now).length === 0;
    const alone = tty === "t1" && world.actors.size === 0;
    if (alone || !idle) open.set(id, firstServer(world));
  }
  for (const [id, server] of open) views.push(viewPasserBy(scene, id, server));
  return views.map((view) => (isClustered(world, view) ? connected(view) : view));
}

function isClustered(world: World, { server }: ClientView): boolean {
  return server !== null && world.hosts.get(splitId(server)[1])?.config?.cluster != null;
}

/** What it is for may be on another server: its one cable ends where it really does. */
function connected(view: ClientView): ClientView {
  return { ...view, reaches: view.server === null ? [] : [view.server] };
}

function viewActor({ world, streams }: ClientScene, actor: ActorRecord): ClientView {
  const { plan, counters } = actor;
  const conn = actor.conn === null ? undefined : world.conns.get(actor.conn);
  const latency = Number(actor.latency ?? 0);
  // A client of a cluster goes on at another server when its own is gone.
  const server = conn?.b.host ?? actor.server;
  const base = {
    id: clientId(actor.name),
    name: actor.name,
    server: serverId(server),
    state: conn?.status === "open" ? "up" : "gone",
    latency: latency >= visibleLatency ? latency : null,
  } as const;
  const account = accountOf(world, actor.conn, server);
  if (plan.role === "publisher") {
    const stream = streamFor(streams, plan.subject, account);
    const reaches = [stream === null ? serverId(server) : streamId(stream.name)];
    return {
      ...base,
      kind: "publisher",
      label: "publisher",
      doing: rateText(plan.period),
      reaches,
    };
  }
  const name = namedStream(streams, plan.stream, account);
  const known = streams.find((s) => s.name === name)?.consumers.has(plan.consumer) ?? false;
  const reaches = [known ? consumerId(name, plan.consumer) : serverId(server)];
  const doing = counters.processed > 0 ? `${counters.processed} done` : "waiting";
  return { ...base, kind: "worker", label: "worker", doing, reaches };
}

/** Null while it is not connected, or has not said who it is. */
function accountOf(world: World, conn: number | null, server: string): string | null {
  if (conn === null) return null;
  return world.hosts.get(server)?.server?.conns.get(conn)?.account || null;
}

function viewPasserBy({ world, book }: ClientScene, id: string, server: string): ClientView {
  const [, name] = splitId(id);
  const terminal = world.terminals.has(name);
  const lately = book
    .reachesOf(id, world.kernel.now)
    .filter((target) => !target.startsWith("server:"));
  return {
    id,
    name,
    kind: terminal ? "terminal" : "client",
    server: serverId(server),
    state: "up",
    // A scenario names its terminals; `t2` would say no more than the word.
    label: !terminal ? "client" : /^t\d+$/.test(name) ? "terminal" : name,
    doing: "",
    latency: null,
    reaches: [serverId(server), ...lately],
  };
}

function firstServer(world: World): string {
  return deskServers(world)[0]?.name ?? "n1";
}

/** `2/s`, or `1 every 5 s`. */
function rateText(period: number): string {
  const perSecond = 1e9 / period;
  if (perSecond >= 1) return `${Math.round(perSecond * 10) / 10}/s`;
  return `1 every ${Math.round(period / 1e8) / 10} s`;
}

/** A consumer with one worker: whoever saw nothing of a delivery still knows whose it is. */
export function soleWorkers(clients: readonly ClientView[]): Map<string, string> {
  const workers = new Map<string, string[]>();
  for (const client of clients) {
    for (const target of client.reaches) {
      workers.set(target, [...(workers.get(target) ?? []), client.id]);
    }
  }
  const sole = new Map<string, string>();
  for (const [target, ids] of workers) if (ids.length === 1) sole.set(target, ids[0] as string);
  return sole;
}

/** Whoever holds a message of a consumer has a cable to it, however long ago it was handed over. */
export function withSeats(
  clients: readonly ClientView[],
  consumers: readonly ConsumerView[],
): readonly ClientView[] {
  return clients.map((client) => {
    const held = consumers
      .filter((consumer) => consumer.seats.some((seat) => seat.client === client.id))
      .map((consumer) => consumer.id)
      .filter((id) => !client.reaches.includes(id));
    return held.length === 0 ? client : { ...client, reaches: [...client.reaches, ...held] };
  });
}
