/** TLS as the server knows it: the machine under it does the work. */
import type { ServerState } from "../state.ts";

/** What INFO says of it to one connection. */
export interface PeerTls {
  readonly required: boolean;
  readonly verify: boolean;
  readonly available: boolean;
}

/** What a connection is like that is encrypted. */
export interface Secured {
  /** As Go names them: `1.3`, `TLS_AES_128_GCM_SHA256`. */
  readonly version: string;
  readonly cipher: string;
  /** The handshake came before INFO. */
  readonly first: boolean;
  /** Of the client's certificate, in the order in which users are looked up by them. */
  readonly names: readonly string[];
}

/** The handshake of a connection is over: what comes and goes from now on is encrypted. */
export function connSecured(server: ServerState, conn: number, secured: Secured): void {
  const client = server.conns.get(conn);
  if (client !== undefined) client.secured = secured;
}
