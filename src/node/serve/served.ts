/** What listeners need of what they lead to: a headless server, or one server of a hosted world. */
import type { MonitorResponse, Peer, Secured } from "../../server/index.ts";

/** The far side of a connection: a TCP socket, or a WebSocket over one. */
export interface Link {
  write(bytes: Uint8Array): void;
  /** Closes when everything written has left; at once for who does not take it. */
  end(reason: string): void;
  /** Bytes written that have not left. */
  pending(): number;
  /** Bytes written since the connection began. */
  sent(): number;
  pause(): void;
  resume(): void;
}

export interface Served {
  /** A client reached a listener; answers the number of its connection. */
  accept(link: Link, peer: Peer): number;
  receive(conn: number, chunk: Uint8Array): void;
  /** The connection is encrypted from now on; not given: nobody wants to know. */
  secured?(conn: number, facts: Secured): void;
  /** The connection is gone. */
  closed(conn: number, reason: string): void;
  /** A link has less pending than before. */
  drained(): void;
  /** Null: nobody is there to answer. */
  monitor(path: string, query: string): MonitorResponse | null | Promise<MonitorResponse | null>;
}
