/** Who a client is, as advisories and other servers are told. */
import { formatStoredTime } from "../../kernel/index.ts";
import type { ClientInfo } from "../cluster/assignments.ts";
import type { ClientConn, ServerState } from "../state.ts";

/** Source: nats-server `server/client.go` `getClientInfo`; members in its order. */
export function clientFacts(server: ServerState, account: string, client: ClientConn): ClientInfo {
  const { options } = client;
  return {
    start: formatStoredTime(client.start),
    host: client.ip,
    id: client.cid,
    acc: account,
    user: client.user === "" ? undefined : client.user,
    name: options.name === "" ? undefined : options.name,
    lang: options.lang === "" ? undefined : options.lang,
    ver: options.version === "" ? undefined : options.version,
    rtt: client.rtt === 0 ? undefined : client.rtt,
    server: server.name,
    cluster: server.config.cluster?.name,
    kind: "Client",
    client_type: client.transport === "ws" ? "websocket" : "nats",
  };
}
