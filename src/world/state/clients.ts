/** The clients of a world by the names that they gave themselves in CONNECT. */
import type { ConnFacts } from "../../server/index.ts";
import { serverHosts } from "../host.ts";
import { unsentBytes } from "../send.ts";
import type { World } from "../world.ts";

interface ClientDocument {
  connected: boolean;
  server: string;
  /** Messages from the client and to it, on its latest connection. */
  in: number;
  out: number;
  /** Bytes that the server wrote and the client has not taken. */
  pending: number;
  /** Connections of this name that ended, as far as the running servers remember. */
  disconnects: number;
}

/** By name; one without a name is called by its client id, `cid-5`. */
export function clientDocuments(world: World): Readonly<Record<string, ClientDocument>> {
  const documents: Record<string, ClientDocument> = {};
  for (const { name: server, server: state } of serverHosts(world)) {
    for (const closed of state?.closed ?? []) {
      const name = nameOf(closed);
      const disconnects = (documents[name]?.disconnects ?? 0) + 1;
      documents[name] = { ...viewConn(world, server, closed), connected: false, disconnects };
    }
    for (const conn of state?.conns.values() ?? []) {
      const name = nameOf(conn);
      const disconnects = documents[name]?.disconnects ?? 0;
      documents[name] = { ...viewConn(world, server, conn), disconnects };
    }
  }
  return documents;
}

function nameOf({ options, cid }: ConnFacts): string {
  return options.name === "" ? `cid-${cid}` : options.name;
}

function viewConn(world: World, server: string, conn: ConnFacts): ClientDocument {
  return {
    connected: true,
    server,
    in: conn.inMsgs,
    out: conn.outMsgs,
    pending: unsentBytes(world, conn.conn),
    disconnects: 0,
  };
}
