/** The connections of a world by the names that clients gave themselves in CONNECT. */
import type { ClientConn } from "../../server/index.ts";
import { serverHosts } from "../host.ts";
import type { World } from "../world.ts";

/** By name; a second connection of a name gets its client id behind it. */
export function clientDocuments(world: World): Readonly<Record<string, unknown>> {
  const documents: Record<string, unknown> = {};
  for (const host of serverHosts(world)) {
    for (const client of host.server?.conns.values() ?? []) {
      const plain = client.options.name === "" ? `cid-${client.cid}` : client.options.name;
      const name = plain in documents ? `${plain}#${client.cid}` : plain;
      documents[name] = clientView(world, host.name, client);
    }
  }
  return documents;
}

function clientView(
  world: World,
  server: string,
  client: ClientConn,
): Readonly<Record<string, unknown>> {
  const conn = world.conns.get(client.conn);
  return {
    connected: !client.closed && conn !== undefined,
    server,
    in: client.inMsgs,
    out: client.outMsgs,
    pending: 0,
    disconnects: 0,
    conn: client.conn,
    cid: client.cid,
  };
}
