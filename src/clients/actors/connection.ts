/**
 * An actor's connection: dial, greet, answer pings, dial again. Waits and limits are nats.js's.
 *
 *     dialling ──connected──► greeting ──first PONG──► ready
 *         ▲ └─refused──► away ◄─────closed, stale──────┘
 *         └────2 s─────────┘
 */
import { drawBelow, millis, seconds } from "../../kernel/index.ts";
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
import { armIn, countError, type Shift } from "./shift.ts";

/** What a role does when its connection comes, goes and brings replies. */
export interface Role {
  onReady(shift: Shift): void;
  onAway(shift: Shift): void;
  /** `token` is what follows the inbox, where the subject is below it. */
  onReply(shift: Shift, token: string, message: Message): void;
}

/** nats.js `DEFAULT_RECONNECT_TIME_WAIT` and `DEFAULT_JITTER`, in milliseconds. */
const reconnectWaitMs = 2_000;
const reconnectJitterMs = 100;
/** nats.js `DEFAULT_PING_INTERVAL`, `DEFAULT_MAX_PING_OUT`. */
const pingEvery = seconds(120);
const pingsOutMax = 2;
const natsPort = 4222;

export function dialServer({ world, actor, memory }: Shift): void {
  memory.phase = "dialling";
  memory.parser = createClientParser();
  memory.pingsOut = 0;
  const conn = dial(world, {
    from: { host: actor.host, owner: { kind: "actor", name: actor.name } },
    host: actor.server,
    port: serverPort(world.hosts.get(actor.server)?.listeners ?? []),
    transport: "tcp",
    ...(actor.latency === null ? {} : { extraLatency: actor.latency }),
  });
  actor.conn = conn.id;
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
  };
  encodeConnect(out, encodeJson(options));
  encodeSub(out, `${memory.inbox}.*`, null, "1");
  encodePing(out);
  armIn(shift, "ping", pingEvery);
}

/** The connection is gone or was refused: forget it and dial again after a while. */
export function leave(shift: Shift, role: Role): void {
  const { world, actor, memory } = shift;
  actor.conn = null;
  memory.phase = "away";
  shift.out.length = 0;
  clearActorTimer(world, actor, "ping");
  const jitter = drawBelow(world.kernel.random, `actor:${actor.name}`, reconnectJitterMs);
  armIn(shift, "dial", millis(reconnectWaitMs + jitter));
  role.onAway(shift);
}

/** Reads what the server sent. */
export function readBytes(shift: Shift, role: Role, bytes: Uint8Array): void {
  const { actor, memory, out } = shift;
  const ignore = (): void => {};
  parse(memory.parser, bytes, {
    onInfo: ignore,
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
  role.onReady(shift);
}

/** A server may listen elsewhere than on 4222 (the preset `plain` does). */
function serverPort(listeners: readonly Listener[]): number {
  return listeners.find((listener) => listener.service === "nats")?.port ?? natsPort;
}
