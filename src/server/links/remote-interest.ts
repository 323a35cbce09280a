/** What the subscribers of other servers hear, as entries of this server's subject index. */
import { ownCell } from "../../kernel/index.ts";
import { reweigh } from "../interest/interest.ts";
import { dropSubscription, insertSubscription } from "../interest/subscribe.ts";
import type { ServerState } from "../state.ts";
import type { RecordOf } from "./records.ts";
import type { RouteConn } from "./route-conn.ts";

/** Source: nats-server `processRemoteSub`, `processRemoteUnsub`. */
export function onRemoteSub(
  server: ServerState,
  route: RouteConn,
  { account: name, subject, queue, weight }: RecordOf<"sub">,
): void {
  const account = server.accounts.get(name);
  if (account === undefined) return;
  const key = `${name} ${subject} ${queue ?? ""}`;
  const known = route.subs.value.get(key);
  if (weight === 0) {
    ownCell(route.subs).delete(key);
    if (known !== undefined) dropSubscription(server, account, known.id);
    return;
  }
  const sub = known === undefined ? undefined : account.interest.subs.get(known.id);
  if (sub?.remote !== undefined) {
    reweigh(account.interest, sub, { conn: route.conn, weight });
    return;
  }
  const remote = { conn: route.conn, weight };
  const wanted = { subject, queue, conn: null, sid: "", target: null, remote };
  const { id } = insertSubscription(server, account, wanted);
  ownCell(route.subs).set(key, { account: name, id });
}

/** A route that is gone takes along what was heard over it. Source: `removeRemoteSubs`. */
export function dropRemoteInterest(server: ServerState, route: RouteConn): void {
  for (const { account: name, id } of route.subs.value.values()) {
    const account = server.accounts.get(name);
    if (account !== undefined) dropSubscription(server, account, id);
  }
  ownCell(route.subs).clear();
}
