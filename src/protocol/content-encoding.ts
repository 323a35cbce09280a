/** Bodies as `Accept-Encoding` asks for them. Source: nats-server `events.go` `getAcceptEncoding`. */
import { encodeSnappy } from "./s2/s2-frames.ts";
import { concatBytes } from "./text.ts";

export interface EncodedContent {
  /** What `Content-Encoding` says; null: the body is as it was, and nobody asked. */
  readonly encoding: "snappy" | "gzip" | "identity" | null;
  readonly bytes: Uint8Array;
}

/** `accept` is the header's value, "" without one. */
export function encodeContent(accept: string, bytes: Uint8Array): EncodedContent {
  const wanted = accept.toLowerCase();
  if (wanted === "" || bytes.length === 0) return { encoding: null, bytes };
  if (wanted.includes("snappy") || wanted.includes("s2")) {
    return { encoding: "snappy", bytes: encodeSnappy(bytes) };
  }
  if (wanted.includes("gzip")) return { encoding: "gzip", bytes: encodeGzip(bytes) };
  return { encoding: "identity", bytes };
}

const storedMax = 0xffff;

/**
 * In blocks that are stored as they are: what is sent within a simulation need not be short, and
 * every reader takes it. Source: RFC 1952; RFC 1951, section 3.2.4.
 */
function encodeGzip(bytes: Uint8Array): Uint8Array {
  const head = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
  const parts: Uint8Array[] = [head];
  for (let at = 0; at < bytes.length; at += storedMax) {
    const block = bytes.subarray(at, at + storedMax);
    const isLast = at + storedMax >= bytes.length;
    const size = block.length;
    parts.push(Uint8Array.of(isLast ? 1 : 0, ...littleEndian(size, 2)));
    parts.push(Uint8Array.of(...littleEndian(~size, 2)), block);
  }
  parts.push(Uint8Array.of(...littleEndian(crc32(bytes), 4), ...littleEndian(bytes.length, 4)));
  return concatBytes(parts);
}

function littleEndian(value: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => (value >>> (8 * i)) & 0xff);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
