/** Bytes to strings and back, UTF-8; short ASCII runs are interned: a subject costs nothing. */

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** Memory of recently decoded text: holds no state, only saves making the same string again. */
const internedSlots = 4096;
const internedBytesMax = 96;
const interned: string[] = new Array(internedSlots).fill("");
/** The code units of the text being made, by its length: a list that shrinks is made anew. */
const unitLists = Array.from({ length: internedBytesMax + 1 }, (_, n) =>
  new Array<number>(n).fill(0),
);

export const emptyBytes: Uint8Array = new Uint8Array(0);

/** The text of `bytes[start, end)`. Bytes that are no UTF-8 become U+FFFD. */
export function decodeText(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const length = end - start;
  if (length === 0) return "";
  if (length > internedBytesMax) return decoder.decode(bytes.subarray(start, end));
  let hash = length;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte > 0x7f) return decoder.decode(bytes.subarray(start, end));
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  const slot = (hash ^ (hash >>> 15)) & (internedSlots - 1);
  const known = interned[slot] ?? "";
  if (known.length === length && equalsAscii(known, bytes, start)) return known;
  const text = asciiText(bytes, start, end);
  interned[slot] = text;
  return text;
}

/** Makes one string of ASCII bytes; a list of numbers is spread faster than a view of bytes. */
function asciiText(bytes: Uint8Array, start: number, end: number): string {
  const units = unitLists[end - start] ?? [];
  for (let i = start; i < end; i++) units[i - start] = bytes[i] ?? 0;
  return String.fromCharCode.apply(null, units);
}

/** UTF-8 bytes of `text`, a fresh value. */
export function encodeText(text: string): Uint8Array {
  return text === "" ? emptyBytes : encoder.encode(text);
}

/** How many bytes `text` takes in UTF-8, without making them. */
export function textBytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    bytes += code < 0x800 ? 1 : 2;
    // A surrogate pair is two units and four bytes; the second unit adds nothing of its own.
    if (code >= 0xd800 && code < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) i++;
  }
  return bytes;
}

/** Writes `text` as UTF-8 at `at`, where at least three bytes a unit are free; returns the end. */
export function writeText(text: string, into: Uint8Array, at: number): number {
  const length = text.length;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return at + encoder.encodeInto(text, into.subarray(at)).written;
    into[at + i] = code;
  }
  return at + length;
}

/** One array of all the bytes of `parts`, in order. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function equalsAscii(text: string, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
