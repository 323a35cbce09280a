/** How many clients an account has, as events and answers tell it. */
import { formatStoredTime } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import type { ServerIo } from "../io.ts";
import { accountStat } from "../monitoring/accountz.ts";
import type { Account, ServerState } from "../state.ts";
import { drawEventId, serverInfo } from "./server-info.ts";

type Fields = { readonly [field: string]: JsonLike };

/** Source: nats-server `AccountNumConns`. */
export function accountConnections(server: ServerState, io: ServerIo, account: Account): Fields {
  return {
    type: "io.nats.server.advisory.v1.account_connections",
    id: drawEventId(io),
    timestamp: formatStoredTime(io.wall),
    server: serverInfo(server, io),
    ...accountStat(server, account),
  };
}
