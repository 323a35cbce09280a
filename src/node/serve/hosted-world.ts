/**
 * A world that real clients connect to: its time follows the wall, each of its servers listens on
 * real ports. What clients send is not journaled: such a run cannot be repeated.
 *
 *     sockets ─► gates ─► acts ─┐
 *                               ├─► session: run to the present ─► acts ─► run ... ─► gates
 *     control ─► inputs ────────┘
 */
import type { Server } from "node:net";
import { createPace, nextEventAt, type Pace, paceTarget } from "../../kernel/index.ts";
import type { Scenario } from "../../link/index.ts";
import { Session } from "../../scenario/index.ts";
import type { ServerConfig } from "../../server/index.ts";
import { advertise, type Host, serverHosts, type World } from "../../world/index.ts";
import { headlessGround } from "../sh/ground.ts";
import { type Act, Gate } from "./gate.ts";
import { addressOf, closeListener, listen } from "./listeners.ts";
import { createMonitoringListener } from "./monitoring.ts";
import { listenerUrls, type Ports } from "./ports-file.ts";
import { createTcpListener } from "./tcp.ts";
import { createWebsocketListener } from "./websocket.ts";

export interface HostedPlan {
  readonly scenario: Scenario;
  /** Where to listen: `host`, `port` and `monitoring` of a plain server; others count up. */
  readonly config: ServerConfig;
  /** Record what happens, for whoever asks. */
  readonly tracing: boolean;
}

/** One server's listeners. */
interface Door {
  readonly nats: Server;
  readonly websocket: Server | null;
  readonly gates: readonly Gate[];
  readonly listeners: readonly Server[];
  readonly ports: Ports;
}

// Timers of Node are good to a millisecond; closer events are waited for by turning.
const turningMs = 2;
// Less than a paced driver credits, so that no time is lost while nothing happens.
const restMsMax = 200;

export class HostedWorld {
  /** Called after each slice of work, between two events. */
  afterSlice: () => void = () => {};
  readonly #plan: HostedPlan;
  readonly #doors = new Map<string, Door>();
  readonly #acts: Act[] = [];
  readonly #pace: Pace = createPace(1);
  #session: Session | null = null;
  #stopped = false;
  #wake: () => void = () => {};

  private constructor(plan: HostedPlan) {
    this.#plan = plan;
  }

  /** Opens the listeners, builds the world and settles it. `run` lets clients in. */
  static async open(plan: HostedPlan): Promise<HostedWorld> {
    const hosted = new HostedWorld(plan);
    const { tracing } = plan;
    // INFO names real ports from the first on: they are known before the servers meet.
    const built = (world: World): Promise<void> => hosted.#openDoors(world);
    const session = await Session.open(plan.scenario, { ...headlessGround(), tracing, built });
    session.listen({
      outside(conn, bytes, reason) {
        for (const { gates } of hosted.#doors.values()) {
          if (gates.some((gate) => gate.takeOut(conn, bytes, reason))) return;
        }
      },
    });
    hosted.#session = session;
    return hosted;
  }

  get session(): Session {
    if (this.#session === null) throw new Error("a client came before the world");
    return this.#session;
  }

  /** Real addresses by server, in the order of hosts. */
  get ports(): ReadonlyMap<string, Ports> {
    return new Map([...this.#doors].map(([name, { ports }]) => [name, ports]));
  }

  /** Lets time run until `stop`; rejects with the bug that ended the world. */
  async run(): Promise<void> {
    const { session } = this;
    const { now } = headlessGround().realm.original;
    let last = now();
    while (!this.#stopped) {
      const ms = now();
      const target = paceTarget(this.#pace, session.now, ms - last);
      last = ms;
      await session.runUntil(target);
      const acts = this.#acts.splice(0);
      if (acts.length > 0) {
        await session.outside((world, doors) => {
          for (const act of acts) act(world, doors);
        });
      }
      await this.#openDoors(session.world);
      this.afterSlice();
      await this.#rest();
    }
  }

  /** Something waits to be done: the pause between two slices ends. */
  wake(): void {
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.wake();
    const doors = [...this.#doors.values()];
    for (const { gates } of doors) for (const gate of gates) gate.close();
    await Promise.all(doors.flatMap(({ listeners }) => listeners.map(closeListener)));
    await this.session.dispose();
  }

  /** Waits for the next event or input, or for somebody outside. */
  #rest(): Promise<void> {
    const { original } = headlessGround().realm;
    const { session } = this;
    const input = session.journal()[session.applied]?.at ?? Number.POSITIVE_INFINITY;
    const event = nextEventAt(session.world.kernel) ?? Number.POSITIVE_INFINITY;
    const ms = Math.min((Math.min(input, event) - session.now) / 1e6, restMsMax);
    if (ms < turningMs || this.#acts.length > 0) return original.yieldMacrotask();
    return new Promise((resolve) => {
      const timer = original.setTimeout(resolve, ms - 1);
      this.#wake = () => {
        original.clearTimeout(timer);
        resolve();
      };
    });
  }

  #enter(act: Act): void {
    this.#acts.push(act);
    this.wake();
  }

  /** Real listeners for every server that has none: those that are added listen behind others. */
  async #openDoors(world: World): Promise<void> {
    for (const host of serverHosts(world)) {
      if (this.#doors.has(host.name)) continue;
      const door = await this.#openDoor(host, this.#doors.size);
      this.#doors.set(host.name, door);
      advertise(world, host, { service: "nats", ...reachable(door.nats) });
      if (door.websocket === null) continue;
      advertise(world, host, { service: "websocket", ...reachable(door.websocket) });
    }
  }

  async #openDoor(host: Host, index: number): Promise<Door> {
    const { config } = this.#plan;
    const countUp = (port: number): number => (port <= 0 ? -1 : port + index);
    const gate = this.#gateOf(host, "nats");
    const nats = createTcpListener(() => gate);
    await listen(nats, config.host, countUp(config.port));
    const http = createMonitoringListener(() => gate);
    const { host: httpHost = "", port: httpPort = -1 } = config.monitoring ?? {};
    await listen(http, httpHost === "" ? config.host : httpHost, countUp(httpPort));
    const ports = {
      nats: listenerUrls("nats", addressOf(nats)),
      monitoring: listenerUrls("http", addressOf(http)),
    };
    const websocket = host.config?.websocket ?? null;
    if (websocket === null) {
      return { nats, websocket, gates: [gate], listeners: [nats, http], ports };
    }
    const wsGate = this.#gateOf(host, "websocket");
    const ws = createWebsocketListener(() => wsGate, websocket);
    await listen(ws, config.host, -1);
    return {
      nats,
      websocket: ws,
      gates: [gate, wsGate],
      listeners: [nats, http, ws],
      ports: { ...ports, websocket: listenerUrls("ws", addressOf(ws)) },
    };
  }

  #gateOf({ name: host }: Host, service: "nats" | "websocket"): Gate {
    return new Gate({ host, service, act: (act) => this.#enter(act) });
  }
}

/** Where clients find a listener; one on all interfaces is on this machine too. */
function reachable(listener: Server): { readonly host: string; readonly port: number } {
  const { address, port } = addressOf(listener);
  return { host: address === "::" || address === "0.0.0.0" ? "127.0.0.1" : address, port };
}
