/** How much nats-server reads of a connection at a time: whoever is sent away leaves the rest. */

/** Source: nats-server `startBufSize`, `minBufSize`, `maxBufSize`, `shortsToShrink`. */
const sizeAtStart = 512;
const sizeMin = 64;
const sizeMax = 65_536;
const shortsToShrink = 2;

export interface ReadBuffer {
  /** Bytes that the next read takes at most. */
  size: number;
  /** Reads in a row that filled less than half. */
  shorts: number;
}

export function createReadBuffer(): ReadBuffer {
  return { size: sizeAtStart, shorts: 0 };
}

/** One read brought so many bytes, at most the buffer's size. Source: nats-server `readLoop`. */
export function noteRead(buffer: ReadBuffer, bytes: number): void {
  if (bytes >= buffer.size) {
    buffer.shorts = 0;
    buffer.size = Math.min(sizeMax, buffer.size * 2);
    return;
  }
  if (bytes < buffer.size / 2) buffer.shorts += 1;
  if (buffer.size > sizeMin && buffer.shorts > shortsToShrink) buffer.size /= 2;
}
