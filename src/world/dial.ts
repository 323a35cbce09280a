/** Dials: how a connection between hosts comes about. */
import { plus, schedule, type VirtualNanos } from "../kernel/index.ts";
import { type Conn, type ConnPlan, createConn } from "./conns.ts";
import { isOwnName, resolveAddress } from "./host.ts";
import { latencyOf } from "./send.ts";
import type { World } from "./world.ts";

/**
 * Dials a name and port, as seen from the dialling host. The answer comes later as `connected` or
 * `refused` to the owner. The connection exists from now on, so that it can be closed.
 */
export function dial(world: World, plan: ConnPlan): Conn {
  const target = resolveAddress(world, plan.from.host, plan.host, plan.port);
  if (target === null) {
    const lost = createConn(world, plan);
    answerDial(world, lost, `getaddrinfo ENOTFOUND ${plan.host}`, world.kernel.now);
    return lost;
  }
  const isLocal = isOwnName(plan.host);
  const conn = createConn(world, { ...plan, host: target.host, port: target.port, isLocal });
  sendDial(world, conn, 0);
  return conn;
}

export function sendDial(
  world: World,
  conn: Conn,
  attempt: number,
  after = world.kernel.now,
): void {
  const at = plus(after, latencyOf(world, conn, "a-to-b"));
  schedule(world.kernel, at, { kind: "dial", host: conn.b.host, conn: conn.id, attempt });
}

export function answerDial(
  world: World,
  conn: Conn,
  refused: string | null,
  at: VirtualNanos,
): void {
  schedule(world.kernel, at, { kind: "dialled", host: conn.a.host, conn: conn.id, refused });
}
