/** A tap on one direction of a connection: where in the protocol its bytes stand. */

export interface TapState {
  /** Bytes of a message that has not been sent whole. */
  carry: Uint8Array | null;
  /** How many bytes are still wanted before the message in `carry` can be read. */
  wanted: number;
}
