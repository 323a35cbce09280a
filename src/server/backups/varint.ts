/** Integers of up to 64 bits in as many bytes as they need, as Go's `encoding/binary` has them. */

export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

export function putVarint(into: number[], value: bigint): void {
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) into.push(Number(rest & 0x7fn) | 0x80);
  into.push(Number(rest));
}

export function takeVarint(cursor: Cursor): bigint | "incomplete" | "invalid" {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = cursor.bytes[cursor.at];
    if (byte === undefined) return "incomplete";
    cursor.at += 1;
    // Ten bytes hold 64 bits, the tenth a single one.
    if (shift === 63n && byte > 1) return "invalid";
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

/** How signed ones are written: small ones of either sign stay small. */
export function zigzag(value: bigint): bigint {
  return value < 0n ? -value * 2n - 1n : value * 2n;
}

export function unzigzag(value: bigint): bigint {
  return (value & 1n) === 0n ? value / 2n : -(value + 1n) / 2n;
}
