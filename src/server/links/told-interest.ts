/** What the other servers are told of the interest of this one's subscribers. */
import { ownCell } from "../../kernel/index.ts";
import type { Subscription } from "../interest/subscription.ts";
import type { Account, ServerState } from "../state.ts";
import { isHeardHereOnly } from "../system/requests.ts";
import { sendRecord } from "./outbound.ts";
import { subBytes } from "./record-size.ts";
import type { RouteConn, ToldInterest } from "./route-conn.ts";

/**
 * A subscription came (1) or went (-1). The others hear of the first and the last plain one of a
 * subject, and of every change in a queue group. Source: nats-server `updateRouteSubscriptionMap`.
 */
export function noteInterest(
  server: ServerState,
  account: Account,
  sub: Subscription,
  change: 1 | -1,
): void {
  const { routes } = server;
  if (routes === undefined || !isTold(sub)) return;
  const { subject, queue } = sub;
  const known = interestOf(ownCell(routes.told), account.name);
  const key = queue === null ? subject : `${subject} ${queue}`;
  const interest = known.get(key) ?? { subject, queue, count: 0 };
  interest.count += change;
  if (interest.count > 0) known.set(key, interest);
  else known.delete(key);
  const isNews = queue !== null || (change === 1 ? interest.count === 1 : interest.count === 0);
  if (!isNews) return;
  for (const route of routes.conns.values()) {
    if (route.phase === "registered") tell(server, route, account.name, interest);
  }
}

/** All that a newly registered route has to know. Source: nats-server `sendSubsToRoute`. */
export function tellInterest(server: ServerState, route: RouteConn): void {
  for (const [account, known] of server.routes?.told.value ?? []) {
    for (const interest of known.values()) tell(server, route, account, interest);
  }
}

function tell(
  server: ServerState,
  route: RouteConn,
  account: string,
  { subject, queue, count }: ToldInterest,
): void {
  const weight = queue === null ? Math.min(count, 1) : count;
  const record = { kind: "sub", account, subject, queue, weight } as const;
  sendRecord(server, route, record, subBytes(record));
}

/**
 * Imports are resolved where the request is published, and who a client is its own server knows.
 * Source: nats-server: subscriptions with `si`, and those of `sysSubscribeInternal`.
 */
function isTold({ remote, target, subject }: Subscription): boolean {
  if (remote !== undefined) return false;
  if (target === null) return true;
  return target.kind !== "service-import" && !isHeardHereOnly(subject);
}

function interestOf(
  told: Map<string, Map<string, ToldInterest>>,
  account: string,
): Map<string, ToldInterest> {
  const known = told.get(account) ?? new Map<string, ToldInterest>();
  if (!told.has(account)) told.set(account, known);
  return known;
}
