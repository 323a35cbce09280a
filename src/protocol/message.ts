/** One message as it travels: through a server, to a stream, to a subscriber. */
export interface Message {
  readonly subject: string;
  readonly reply: string | null;
  /** The whole header block, `NATS/1.0` line and blank line included; null when there is none. */
  readonly headers: Uint8Array | null;
  readonly payload: Uint8Array;
}

export function createMessage(
  subject: string,
  reply: string | null,
  headers: Uint8Array | null,
  payload: Uint8Array,
): Message {
  return { subject, reply, headers, payload };
}

/** Bytes of headers and payload together, the size that limits and statistics count. */
export function messageBytes(message: Message): number {
  return (message.headers === null ? 0 : message.headers.length) + message.payload.length;
}
