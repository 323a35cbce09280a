/** What the taps read in the bytes of a connection: one mark a message, plain data. */
import type { FlightKind } from "../trace.ts";

export interface Mark {
  readonly what: FlightKind;
  readonly subject: string;
  /** Reply subject of a publish, a request or a delivery; empty when there is none. */
  readonly reply: string;
  readonly stream: string;
  readonly consumer: string;
  readonly seq: number;
  readonly deliveries: number;
  readonly size: number;
  /** A PubAck that says duplicate. */
  readonly duplicate: boolean;
  /** Error or status code; 0 when there is none. */
  readonly code: number;
  /** Trace id of its flight; 0 when nothing is recorded. */
  readonly flight: number;
}
