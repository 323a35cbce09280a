/** Pings: whether a client is still there, and how far away it is. */
import { type DurationNanos, minus, minutes, nanos, plus, seconds } from "../../kernel/index.ts";
import { encodePing } from "../../protocol/index.ts";
import type { ServerIo } from "../io.ts";
import type { ClientConn, ServerState } from "../state.ts";
import { pingTimer, refuseClient } from "./close.ts";
import { outputOf } from "./output.ts";
import { logOut } from "./protocol-log.ts";

/** Source: `client.go` `firstClientPingInterval`. */
const firstPingInterval = seconds(2);
/** Source: `const.go` `DEFAULT_RTT_MEASUREMENT_INTERVAL`. */
const rttInterval = minutes(60);

export function schedulePing(server: ServerState, io: ServerIo, client: ClientConn): void {
  setPing(io, client, intervalOf(server, client));
}

/** Clients of the WebSocket listener may have one of their own. */
function intervalOf({ config }: ServerState, { transport }: ClientConn): DurationNanos {
  const own = transport === "ws" ? (config.websocket?.pingInterval ?? 0) : 0;
  return own > 0 ? nanos(own) : config.pingInterval;
}

/** Soon after CONNECT, to learn the round trip; up to a fifth later, by chance. */
export function scheduleFirstPing(server: ServerState, io: ServerIo, client: ClientConn): void {
  const base = Math.min(intervalOf(server, client), firstPingInterval);
  const spread = Math.floor(base / 5);
  const extra = spread > 0 ? io.draw("first-ping") % spread : 0;
  setPing(io, client, nanos(base + extra));
}

/** Source: nats-server `processPingTimer`. */
export function onPingTimer(server: ServerState, io: ServerIo, client: ClientConn): void {
  const { pingMax } = server.config;
  const measured = client.pingSentAt !== null && client.rtt > 0;
  const isStale =
    !measured || client.pingSentAt === null || minus(io.now, client.pingSentAt) > rttInterval;
  if (minus(io.now, client.lastIn) >= intervalOf(server, client) || isStale) {
    if (client.pingsOut + 1 > pingMax) {
      refuseClient(server, io, client, { text: "Stale Connection", reason: "Stale Connection" });
      return;
    }
    client.pingSentAt = io.now;
    client.pingsOut++;
    encodePing(outputOf(server, client));
    logOut(server, io, client, "PING");
  }
  schedulePing(server, io, client);
}

/** Source: nats-server `processPong`, `computeRTT`: at least a nanosecond. */
export function onPong(io: ServerIo, client: ClientConn): void {
  client.pingsOut = 0;
  const since = client.pingSentAt ?? client.startedAt;
  client.rtt = nanos(Math.max(1, minus(io.now, since)));
}

function setPing(io: ServerIo, client: ClientConn, after: DurationNanos): void {
  io.setTimer(pingTimer(client.conn), plus(io.now, after), { kind: "ping", conn: client.conn });
}
