/**
 * The door of one server of a hosted world: a real socket in front, a connection of the world
 * behind. What sockets bring waits here until the world stands at the present instant.
 */
import type { MonitorResponse } from "../../server/index.ts";
import {
  askMonitor,
  cleanClose,
  closeConn,
  type Doors,
  deskName,
  dial,
  sendBytes,
  type World,
} from "../../world/index.ts";
import type { Link, Served } from "./served.ts";

/** Something that is done to the world between two of its events. */
export type Act = (world: World, doors: Doors) => void;

interface Guest {
  readonly link: Link;
  /** Its connection in the world; null until it was dialled. */
  conn: number | null;
  /** What it said before the server's greeting; null once that has come. */
  early: Uint8Array[] | null;
}

export interface GatePlan {
  readonly host: string;
  readonly service: "nats" | "websocket";
  /** Hands an act to whoever drives the world. */
  readonly act: (act: Act) => void;
}

export class Gate implements Served {
  readonly #plan: GatePlan;
  readonly #guests = new Map<number, Guest>();
  /** By connection of the world. */
  readonly #inside = new Map<number, number>();
  #last = 0;

  constructor(plan: GatePlan) {
    this.#plan = plan;
  }

  accept(link: Link): number {
    const id = ++this.#last;
    const guest: Guest = { link, conn: null, early: [] };
    this.#guests.set(id, guest);
    this.#plan.act((world) => {
      if (!this.#guests.has(id)) return;
      guest.conn = this.#dial(world, id);
      this.#inside.set(guest.conn, id);
    });
    return id;
  }

  receive(id: number, chunk: Uint8Array): void {
    // A plain view; the chunk is the socket's no more, so that it can be a value of the world.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#plan.act((world, doors) => {
      const guest = this.#guests.get(id);
      if (guest === undefined) return;
      if (guest.early !== null) guest.early.push(bytes);
      else if (guest.conn !== null) sendFrom(world, doors, guest.conn, bytes);
    });
  }

  closed(id: number, reason: string): void {
    const guest = this.#guests.get(id);
    if (guest === undefined) return;
    this.#guests.delete(id);
    this.#plan.act((world) => {
      if (guest.conn === null) return;
      this.#inside.delete(guest.conn);
      closeConn(world, guest.conn, "a", reason === "Client Closed" ? cleanClose : reason);
    });
  }

  drained(): void {
    // The world's servers learn nothing of how fast real clients read.
  }

  monitor(path: string, query: string): Promise<MonitorResponse | null> {
    return new Promise((resolve) => {
      this.#plan.act((world, doors) => {
        resolve(askMonitor(world, doors, this.#plan.host, { path, query }));
      });
    });
  }

  /** What the world sends to one of its connections; null is the end. False: not one of ours. */
  takeOut(conn: number, bytes: Uint8Array | null, reason: string): boolean {
    const id = this.#inside.get(conn);
    const guest = id === undefined ? undefined : this.#guests.get(id);
    if (id === undefined || guest === undefined) return false;
    if (bytes === null) {
      this.#guests.delete(id);
      this.#inside.delete(conn);
      guest.link.end(reason);
      return true;
    }
    guest.link.write(bytes);
    const { early } = guest;
    guest.early = null;
    for (const chunk of early ?? []) {
      this.#plan.act((world, doors) => sendFrom(world, doors, conn, chunk));
    }
    return true;
  }

  /** Ends every connection. */
  close(): void {
    for (const { link } of this.#guests.values()) link.end("Server Shutdown");
    this.#guests.clear();
    this.#inside.clear();
  }

  #dial(world: World, id: number): number {
    const { host, service } = this.#plan;
    const listener = world.hosts.get(host)?.listeners.find((one) => one.service === service);
    const conn = dial(world, {
      // Real clients sit where the terminals are: what cuts the desk off cuts them off.
      from: { host: deskName, owner: { kind: "outside", id } },
      host,
      port: listener?.port ?? 0,
      transport: service === "websocket" ? "ws" : "tcp",
    });
    return conn.id;
  }
}

function sendFrom(world: World, doors: Doors, conn: number, bytes: Uint8Array): void {
  sendBytes(world, doors, conn, "a", bytes);
}
