/**
 * Flights: what the taps read on the wires, as marks for the canvas. Keeps who talks to what
 * lately, which decides the cables, and who was handed which message, which decides the seats.
 */
import { logEach } from "../../kernel/index.ts";
import type { Conn, Flight, Segment, TraceEntry, World } from "../../world/index.ts";
import type { FlightKind, FlightView } from "../frames.ts";
import { allStreams, type FoundStream, namedStream, streamFor } from "./assets.ts";
import { Pulse } from "./cluster/pulse.ts";
import { clientId, clientOf, consumerId, serverId, streamId } from "./names.ts";

/** A cable of a passer-by is taken up this long after it was last used. */
const cableNanos = 4e9;
/** Of one consumer. */
const ownersMost = 5_000;

const kinds: Readonly<Record<Exclude<Flight["what"], "link">, FlightKind>> = {
  publish: "publish",
  puback: "puback",
  refused: "refused",
  delivery: "deliver",
  ack: "ack",
  nak: "nak",
  term: "term",
  progress: "progress",
  next: "ack",
  pull: "pull",
  status: "status",
  request: "request",
  api: "reply",
  reply: "reply",
  message: "message",
  append: "append",
  "append-reply": "appended",
  heartbeat: "heartbeat",
  "vote-request": "ask",
  vote: "vote",
  route: "route",
};

export class FlightBook {
  /** By client and target: when the cable was last used. */
  readonly #used = new Map<string, Map<string, number>>();
  /** By consumer and sequence: who was handed it last. */
  readonly #owners = new Map<string, Map<number, string>>();
  readonly #pulse = new Pulse();
  readonly #targets = new Map<string, string>();
  /** Clients of connections that are gone already when their flights are read. */
  readonly #clients = new Map<number, Seat>();
  /** In which account a connection acts. */
  readonly #accounts = new Map<number, string>();
  readonly #typed: { at: number; client: string } = { at: 0, client: clientId("t1") };

  ownerOf(consumer: string, seq: number): string | null {
    return this.#owners.get(consumer)?.get(seq) ?? null;
  }

  /** A terminal was used: passers-by whose connection is gone sat there. */
  noteTyped(tty: string, at: number): void {
    this.#typed.at = at;
    this.#typed.client = clientId(tty);
  }

  /** Remembers whose the open connections are. */
  noteConns(world: World): void {
    for (const conn of world.conns.values()) {
      const host = world.hosts.get(conn.b.host);
      // Before it has said who it is, it is of none.
      const account = host?.server?.conns.get(conn.id)?.account ?? "";
      if (account !== "") this.#accounts.set(conn.id, account);
      if (this.#clients.has(conn.id)) continue;
      const client = clientOf(world, conn);
      const isClustered = host?.config?.cluster != null;
      if (client !== null) this.#clients.set(conn.id, { client, server: conn.b.host, isClustered });
    }
  }

  /** Remembers whose the connections were that came and went between two looks. */
  noteAccounts(entries: readonly TraceEntry[]): void {
    for (const entry of entries) {
      if (entry.from !== "server") continue;
      const { conn, account } = entry.record;
      if (conn !== null && account !== "") this.#accounts.set(conn, account);
    }
  }

  /** What a client's cables lead to at this moment, beside its server. */
  reachesOf(client: string, now: number): string[] {
    const reaches: string[] = [];
    for (const [target, at] of this.#used.get(client) ?? []) {
      if (now - at < cableNanos && now >= at) reaches.push(target);
    }
    return reaches;
  }

  /** Another moment: what was on its way then is told by the state itself. */
  inTheAir(world: World): FlightView[] {
    this.#used.clear();
    this.noteConns(world);
    const views: FlightView[] = [];
    const streams = allStreams(world);
    for (const conn of world.conns.values()) this.#readPipes(streams, conn, views);
    return views;
  }

  #readPipes(streams: readonly FoundStream[], conn: Conn, views: FlightView[]): void {
    for (const inward of [true, false]) {
      for (const segment of segmentsOf(inward ? conn.ab : conn.ba)) {
        for (const mark of segment.marks) {
          const { departed: departs, arrives } = segment;
          const [from, to] = inward ? [conn.a.host, conn.b.host] : [conn.b.host, conn.a.host];
          const way = { conn: conn.id, from, to, inward };
          const isRoute = conn.a.owner.kind === "server";
          const flight = { ...mark, ...way, departs, arrives, lost: false };
          const view = isRoute ? this.#viewRoute(flight, streams) : this.#view(flight, streams);
          if (view !== null) views.push(view);
        }
      }
    }
  }

  /** One flight of the trace; null for what is not drawn. */
  read(world: World, flight: Flight, streams: readonly FoundStream[]): FlightView | null {
    const conn = world.conns.get(flight.conn);
    const inward = flight.direction === "a-to-b";
    const lost = flight.fate === "lost";
    // A lost message has no arrival of its own: its place is where it would have been.
    const would = conn === undefined ? 0 : Number(conn.extraLatency) + 250_000;
    const arrives = Math.max(flight.arrives, flight.departs + (lost ? would : 0));
    const raw = { ...flight, arrives, inward, lost };
    const isRoute = isServer(world, flight.from) && isServer(world, flight.to);
    return isRoute ? this.#viewRoute(raw, streams) : this.#view(raw, streams);
  }

  /** A client's permissions forbid what it sent: nothing goes on, and the server says so. */
  forbidden({ id, conn, at, kind, host }: ForbiddenRecord): FlightView | null {
    if (kind !== "forbidden" || conn === null) return null;
    const client = this.#clients.get(conn)?.client ?? this.#typed.client;
    return {
      // Numbers of flights on wires count up from 1.
      id: -id,
      kind: "refused",
      client,
      target: serverId(host),
      inward: false,
      seq: 0,
      tries: 0,
      code: 0,
      departs: at,
      arrives: at,
      lost: false,
      count: 1,
      headers: false,
    };
  }

  /** What flies between two servers: their cable is called by the name that comes first. */
  #viewRoute(flight: RawFlight, streams: readonly FoundStream[]): FlightView | null {
    const { from, to, what } = flight;
    if (what === "link") return null;
    if (what === "heartbeat" && !this.#pulse.isDue(from, to, flight.departs)) return null;
    const forward = from < to;
    const stream = flight.inner === "publish" ? streamFor(streams, flight.subject) : null;
    return {
      id: flight.flight,
      // What a consumer's group agrees on is no message: seen, never louder than one.
      kind: what === "append" && flight.consumer !== "" ? "appended" : kindOf(flight),
      client: serverId(forward ? from : to),
      target: serverId(forward ? to : from),
      ...(stream !== null && { about: streamId(stream.name) }),
      inward: forward,
      // Of a routed message; Raft's own count entries of a log, which are on no tape.
      seq: what === "route" ? flight.seq : 0,
      tries: flight.deliveries,
      code: flight.code,
      departs: flight.departs,
      arrives: flight.arrives,
      lost: flight.lost,
      count: 1,
      headers: false,
    };
  }

  #view(flight: RawFlight, streams: readonly FoundStream[]): FlightView {
    const known = this.#clients.get(flight.conn);
    const client = known?.client ?? this.#typed.client;
    const server = known?.server ?? "n1";
    const about = this.#targetOf(flight, { client, server }, streams);
    // In a cluster a cable ends where it really does; what it is for may be on another server.
    const target = known?.isClustered === true ? serverId(server) : about;
    if (!flight.lost) mapIn(this.#used, client).set(target, flight.departs);
    if (flight.what === "delivery") this.#own(about, flight.seq, client);
    return {
      id: flight.flight,
      kind: kindOf(flight),
      client,
      target,
      ...(about !== target && { about }),
      inward: flight.inward,
      seq: flight.seq,
      tries: flight.deliveries,
      code: flight.code,
      departs: flight.departs,
      arrives: flight.arrives,
      lost: flight.lost,
      count: 1,
      headers: false,
    };
  }

  #targetOf(
    flight: RawFlight,
    { client, server }: Pick<Seat, "client" | "server">,
    streams: readonly FoundStream[],
  ): string {
    const account = this.#accounts.get(flight.conn) ?? null;
    const named = () => namedStream(streams, flight.stream, account);
    switch (flight.what) {
      case "publish": {
        const stream = streamFor(streams, flight.subject, account);
        const target = stream === null ? serverId(server) : streamId(stream.name);
        this.#targets.set(client, target);
        return target;
      }
      case "puback":
        return streamId(named());
      case "refused":
        return this.#targets.get(client) ?? serverId(server);
      case "delivery":
      case "ack":
      case "nak":
      case "term":
      case "progress":
      case "next":
      case "pull":
        return consumerId(named(), flight.consumer);
      case "message": {
        // What a stream republishes comes off its tape.
        const stream = streams.find(({ name }) => name === named());
        return stream === undefined ? serverId(server) : streamId(stream.name);
      }
      default:
        return serverId(server);
    }
  }

  #own(consumer: string, seq: number, client: string): void {
    const owners = mapIn(this.#owners, consumer);
    owners.set(seq, client);
    if (owners.size <= ownersMost) return;
    const oldest = owners.keys().next().value;
    if (oldest !== undefined) owners.delete(oldest);
  }
}

function mapIn<K, V>(maps: Map<string, Map<K, V>>, key: string): Map<K, V> {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const made = new Map<K, V>();
  maps.set(key, made);
  return made;
}

/** Who holds the client's end of a connection, and where it leads. */
interface Seat {
  readonly client: string;
  readonly server: string;
  readonly isClustered: boolean;
}

type ForbiddenRecord = Pick<
  Extract<TraceEntry, { from: "server" }>["record"],
  "id" | "conn" | "at" | "kind" | "host"
>;

type RawFlight = Pick<
  Flight,
  | "what"
  | "subject"
  | "stream"
  | "consumer"
  | "seq"
  | "deliveries"
  | "code"
  | "flight"
  | "conn"
  | "inner"
  | "from"
  | "to"
> & {
  readonly departs: number;
  readonly arrives: number;
  readonly inward: boolean;
  readonly lost: boolean;
};

/** A message on its way through a route looks like the one that it is. */
function kindOf({ what, inner }: RawFlight): FlightKind {
  const seen = what === "route" ? (inner ?? what) : what;
  return seen === "link" ? "message" : kinds[seen];
}

function isServer(world: World, host: string): boolean {
  return world.hosts.get(host)?.kind === "server";
}

function segmentsOf(pipe: Conn["ab"]): Segment[] {
  const segments: Segment[] = [];
  logEach(pipe.flying, (segment) => {
    segments.push(segment);
  });
  return segments;
}
