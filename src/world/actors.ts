/** Workload actors as the world keeps them; what they do is in `clients/actors`. */
import {
  clearOwner,
  clearTimer,
  type DurationNanos,
  schedule,
  setTimer,
  type VirtualNanos,
} from "../kernel/index.ts";
import type { EventOf } from "./events.ts";
import { deskName } from "./host.ts";
import { cleanClose, closeConn } from "./send.ts";
import type { Doors, World } from "./world.ts";

/** What an actor can be told. */
export type ActorInput =
  | { readonly kind: "start" }
  | { readonly kind: "connected"; readonly conn: number }
  | { readonly kind: "refused"; readonly conn: number; readonly reason: string }
  | { readonly kind: "bytes"; readonly conn: number; readonly bytes: Uint8Array }
  | { readonly kind: "closed"; readonly conn: number; readonly reason: string }
  | { readonly kind: "timer"; readonly name: string; readonly detail: number };

/** What `load publisher` was asked to do. Times in nanoseconds, sizes in bytes. */
export interface PublisherPlan {
  readonly role: "publisher";
  readonly subject: string;
  /** Time between two publishes. */
  readonly period: DurationNanos;
  readonly size: number;
  readonly count: number | null;
  readonly until: VirtualNanos | null;
  readonly msgId: boolean;
  readonly retry: boolean;
}

/** What `load worker` was asked to do. Chances are integers out of 2^32. */
export interface WorkerPlan {
  readonly role: "worker";
  readonly stream: string;
  readonly consumer: string;
  readonly batch: number;
  readonly work: DurationNanos;
  readonly ack: "explicit" | "double" | "none";
  readonly nakChance: number;
  readonly termChance: number;
  readonly forgetChance: number;
}

export type ActorPlan = PublisherPlan | WorkerPlan;

/** Counters of `state().actors`. */
export interface ActorCounters {
  sent: number;
  acked: number;
  received: number;
  processed: number;
  unique: number;
  nacked: number;
  redelivered: number;
  refused: number;
  timeouts: number;
  /** By code (`10077`, `503`), how many. */
  readonly errors: Map<string, number>;
  /** Sequence of the last PubAck; 0 before the first. */
  lastPubAck: number;
}

/** What an actor's CONNECT says to a server that asks who is there. */
export interface ActorLogin {
  readonly user: string;
  readonly pass: string;
}

/** One actor. `memory` belongs to the behaviour in `clients/actors`; plain data. */
export interface ActorRecord {
  readonly name: string;
  readonly host: string;
  readonly server: string;
  readonly plan: ActorPlan;
  readonly counters: ActorCounters;
  /** Extra one-way delay of its connection; null takes the link's. */
  readonly latency: DurationNanos | null;
  /** Whom it says to be; nobody without. */
  readonly login?: ActorLogin;
  status: "running" | "stopped";
  conn: number | null;
  memory: object | null;
}

export function createActorCounters(): ActorCounters {
  return {
    sent: 0,
    acked: 0,
    received: 0,
    processed: 0,
    unique: 0,
    nacked: 0,
    redelivered: 0,
    refused: 0,
    timeouts: 0,
    errors: new Map(),
    lastPubAck: 0,
  };
}

/** Adds an actor; its first input is an event of this instant. */
export function startActor(
  world: World,
  plan: {
    readonly name: string;
    readonly server: string;
    readonly plan: ActorPlan;
    readonly latency: DurationNanos | null;
    readonly login?: ActorLogin;
  },
): ActorRecord {
  const actor: ActorRecord = {
    ...plan,
    host: deskName,
    counters: createActorCounters(),
    status: "running",
    conn: null,
    memory: null,
  };
  world.actors.set(plan.name, actor);
  const event = { kind: "actor-input", host: actor.host, actor: actor.name } as const;
  schedule(world.kernel, world.kernel.now, { ...event, input: { kind: "start" } });
  return actor;
}

/** Stops an actor: its connection is closed and its timers go. */
export function stopActor(world: World, actor: ActorRecord): void {
  actor.status = "stopped";
  clearOwner(world.kernel, actorOwner(actor.name));
  if (actor.conn !== null) closeConn(world, actor.conn, "a", cleanClose);
  actor.conn = null;
}

/** Arms a timer of an actor; the same name replaces it. */
export function setActorTimer(
  world: World,
  actor: ActorRecord,
  timer: { readonly name: string; readonly at: VirtualNanos; readonly detail?: number },
): void {
  const { name, at, detail = 0 } = timer;
  setTimer(world.kernel, actorOwner(actor.name), name, at, {
    kind: "actor-input",
    host: actor.host,
    actor: actor.name,
    input: { kind: "timer", name, detail },
  });
}

export function clearActorTimer(world: World, actor: ActorRecord, name: string): void {
  clearTimer(world.kernel, actorOwner(actor.name), name);
}

export function onActorInput(world: World, doors: Doors, event: EventOf<"actor-input">): void {
  const actor = world.actors.get(event.actor);
  if (actor?.status === "running") doors.actor(world, doors, event.actor, event.input);
}

function actorOwner(name: string): string {
  return `actor:${name}`;
}
