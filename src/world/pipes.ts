/** Pipes between processes of one host: bounded, so that a writer waits for its reader. */

export interface StreamPipe {
  readonly id: number;
  readonly chunks: Uint8Array[];
  bytes: number;
  /** Processes that hold the writing end; at 0 the reader sees the end. */
  writers: number;
  /** Processes that hold the reading end; at 0 a write fails. */
  readers: number;
  /** The read that waits for bytes: [pid, request id]. */
  reading: readonly [number, number] | null;
  /** Writers that wait for room: [pid, request id]. */
  readonly draining: (readonly [number, number])[];
}
