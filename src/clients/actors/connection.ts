/**
 * An actor's connection: dial, greet, answer pings, dial again. Waits and limits are nats.js's.
 *
 *     dialling ──connected──► greeting ──first PONG──► ready
 *         ▲ └─refused──► away ◄─────closed, stale──────┘
 *         └────2 s─────────┘       who knows other servers turns to the next at once
 */
import { drawBelow, seconds } from "../../kernel/index.ts";
import {
  encodeConnect,
  encodeJson,
  encodePing,
  encodePong,
  encodeSub,
  type Message,
  parse,
} from "../../protocol/index.ts";
import { clearActorTimer, closeConn, dial, type Listener } from "../../world/index.ts";
import { createClientParser } from "./memory.ts";
import {
  chooseNext,
  connectUrls,
  createPool,
  drawReconnectWait,
  noteDialled,
  updatePool,
} from "./pool.ts";
import { armIn, countError, type Shift } from "./shift.ts";

/** What a role does when its connection comes, goes and brings replies. */
export interface Role {
  onReady(shift: Shift): void;
  onAway(shift: Shift): void;
  /** `token` is what follows the inbox, where the subject is below it. */
  onReply(shift: Shift, token: string, message: Message): void;
}

/** nats.js `DEFAULT_PING_INTERVAL`, `DEFAULT_MAX_PING_OUT`. */
const pingEvery = seconds(120);
const pingsOutMax = 2;
const natsPort = 4222;
/** nats.js `timeout`: for the connection and the first PONG together. */
const dialTimeout = seconds(20);

/** Dials the server that it was given, or the one whose turn it is of those that it knows. */
export function dialServer(shift: Shift): void {
  const { world, actor, memory } = shift;
  memory.phase = "dialling";
  memory.parser = createClientParser();
  memory.pingsOut = 0;
  const { pool } = memory;
  if (pool !== undefined) {
    noteDialled(pool, world.kernel.now);
    armIn(shift, "dial-timeout", dialTimeout);
  }
  const conn = dial(world, {
    from: { host: actor.host, owner: { kind: "actor", name: actor.name } },
    ...(pool === undefined ? givenServer(shift) : pool.current),
    transport: "tcp",
    ...(actor.latency === null ? {} : { extraLatency: actor.latency }),
  });
  actor.conn = conn.id;
}

/** The wait is over: the next server's turn, or another wait. */
export function dialAgain(shift: Shift): void {
  const { world, memory } = shift;
  if (memory.pool === undefined) return dialServer(shift);
  const wait = drawReconnectWait(world.kernel, diceOf(shift));
  const after = chooseNext(memory.pool, world.kernel.now, wait);
  if (after === null) dialServer(shift);
  else armIn(shift, "dial", after);
}

/** Nobody answered for too long: that server is given up for now. */
export function giveUpDial(shift: Shift, role: Role): void {
  const { world, actor } = shift;
  if (actor.conn !== null) closeConn(world, actor.conn, "a", "timeout");
  leave(shift, role);
}

/** The connection is there: say who we are, listen on the inbox, ask for a PONG. */
export function greet(shift: Shift): void {
  const { actor, memory, out } = shift;
  memory.phase = "greeting";
  const options = {
    verbose: false,
    pedantic: false,
    name: actor.name,
    lang: "windtunnel",
    version: "3.4.0",
    protocol: 1,
    headers: true,
    no_responders: true,
    ...actor.login,
  };
  encodeConnect(out, encodeJson(options));
  encodeSub(out, `${memory.inbox}.*`, null, "1");
  encodePing(out);
  armIn(shift, "ping", pingEvery);
}

/** The connection is gone or was refused: forget it and dial again. */
export function leave(shift: Shift, role: Role): void {
  const { world, actor, memory } = shift;
  actor.conn = null;
  memory.phase = "away";
  shift.out.length = 0;
  clearActorTimer(world, actor, "ping");
  if (memory.pool === undefined) {
    armIn(shift, "dial", drawReconnectWait(world.kernel, diceOf(shift)));
  } else {
    clearActorTimer(world, actor, "dial-timeout");
    dialAgain(shift);
  }
  role.onAway(shift);
}

/** Reads what the server sent. */
export function readBytes(shift: Shift, role: Role, bytes: Uint8Array): void {
  const { actor, memory, out } = shift;
  const ignore = (): void => {};
  parse(memory.parser, bytes, {
    onInfo: (json) => hearInfo(shift, json),
    onOk: ignore,
    onErr: (text) => countError(actor, text),
    onPing: () => encodePong(out),
    onPong: () => onPong(shift, role),
    onMsg: (_sid, message) => {
      role.onReply(shift, message.subject.slice(memory.inbox.length + 1), message);
    },
  });
}

/** The ping timer: a server that left two pings unanswered is given up. */
export function pingServer(shift: Shift, role: Role): void {
  const { world, actor, memory, out } = shift;
  if (actor.conn === null) return;
  if (memory.pingsOut >= pingsOutMax) {
    closeConn(world, actor.conn, "a", "stale connection");
    leave(shift, role);
    return;
  }
  memory.pingsOut++;
  encodePing(out);
  armIn(shift, "ping", pingEvery);
}

function onPong(shift: Shift, role: Role): void {
  const { memory } = shift;
  memory.pingsOut = 0;
  if (memory.phase !== "greeting") return;
  memory.phase = "ready";
  if (memory.pool !== undefined) clearActorTimer(shift.world, shift.actor, "dial-timeout");
  role.onReady(shift);
}

/** Servers of a cluster name each other; one that stands alone names nobody. */
function hearInfo(shift: Shift, json: string): void {
  const { world, memory } = shift;
  const told = connectUrls(json);
  if (told.length === 0) return;
  const pool = memory.pool ?? createPool([givenServer(shift)]);
  if (pool === null) return;
  memory.pool = pool;
  updatePool(pool, told, (below) => drawBelow(world.kernel.random, diceOf(shift), below));
}

/** By address, as the others are named: the same server twice would be dialled twice. */
function givenServer({ world, actor }: Shift): { readonly host: string; readonly port: number } {
  const host = world.hosts.get(actor.server);
  return { host: host?.address ?? actor.server, port: serverPort(host?.listeners ?? []) };
}

function diceOf({ actor }: Shift): string {
  return `actor:${actor.name}`;
}

/** A server may listen elsewhere than on 4222 (the preset `plain` does). */
function serverPort(listeners: readonly Listener[]): number {
  return listeners.find((listener) => listener.service === "nats")?.port ?? natsPort;
}
