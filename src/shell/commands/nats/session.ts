// What one run of a command keeps: its connection and what happened to it.

import type { NatsConnection } from "@nats-io/nats-core";

/** The mutable part of a command's run. */
export interface Session {
  connection: NatsConnection | null;
  /** The last asynchronous error of the connection, as Go's `LastError` keeps it. */
  lastError: Error | null;
  /** A trace line that Go's connect handler would write a moment later. */
  connectedLine: string | null;
  /** The API level of the server, once asked. */
  apiLevel: number | null;
  /** Ends the command at once with this error; set while it runs. */
  interrupt: ((error: Error) => void) | null;
  /** Keys that came together with those of an earlier question. */
  readonly typedAhead: string[];
}

export function newSession(): Session {
  return {
    connection: null,
    lastError: null,
    connectedLine: null,
    apiLevel: null,
    interrupt: null,
    typedAhead: [],
  };
}
