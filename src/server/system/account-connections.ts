/** How many clients an account has: told when it changes, and every half minute. */
import { plus, seconds } from "../../kernel/index.ts";
import { encodeJson } from "../../protocol/index.ts";
import { globalAccount } from "../accounts/accounts.ts";
import { monitoringParts } from "../doors/monitoring-door.ts";
import type { ServerIo } from "../io.ts";
import type { Account, ServerState } from "../state.ts";
import { isSystemHeard, publishSystem } from "./publish.ts";

/** Source: nats-server `eventsHBInterval`. */
const interval = seconds(30);

/** Of the global account nobody is told. Source: nats-server `accConnsUpdate`. */
export function noteAccountConnections(server: ServerState, io: ServerIo, account: Account): void {
  if (account.name === globalAccount || server.phase === "stopping") return;
  const timer = `account-connections/${account.name}`;
  if (account.clients === 0) io.clearTimer(timer);
  else {
    const at = plus(io.now, interval);
    io.setTimer(timer, at, { kind: "account-connections", account: account.name });
  }
  for (const subject of [
    `$SYS.SERVER.ACCOUNT.${account.name}.CONNS`,
    `$SYS.ACCOUNT.${account.name}.SERVER.CONNS`,
  ]) {
    if (!isSystemHeard(server, subject)) continue;
    const body = encodeJson(monitoringParts().accountConnections(server, io, account));
    publishSystem(server, io, subject, body);
  }
}

export function onAccountConnectionsTimer(server: ServerState, io: ServerIo, name: string): void {
  const account = server.accounts.get(name);
  if (account !== undefined) noteAccountConnections(server, io, account);
}
