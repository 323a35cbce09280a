/** Bytes to strings and back, UTF-8; short ASCII runs are interned: a subject costs nothing. */

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const strictDecoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
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

const replacement = "\ufffd";
/** What stands for byte 0; only bytes from 0x80 on are ever strays. */
const strayByte = 0xdc00;
const loneSurrogate = /\p{Surrogate}/u;

/** Text for those who want characters: what is none becomes U+FFFD, as Go's JSON has it. */
export function wellFormed(text: string): string {
  return loneSurrogate.test(text) ? text.replace(/\p{Surrogate}/gu, replacement) : text;
}

/**
 * The text of `bytes[start, end)`. A byte that is no UTF-8 becomes a lone surrogate of its own
 * (U+DC80 to U+DCFF), which {@link encodeText} makes a byte again: subjects are bytes to NATS.
 */
export function decodeText(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const length = end - start;
  if (length === 0) return "";
  if (length > internedBytesMax) return decodeWide(bytes.subarray(start, end));
  let hash = length;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte > 0x7f) return decodeWide(bytes.subarray(start, end));
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

function decodeWide(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  if (!text.includes(replacement)) return text;
  let exact = "";
  for (let at = 0; at < bytes.length; ) {
    const length = runeBytes(bytes, at);
    exact +=
      length === 0
        ? String.fromCharCode(strayByte + (bytes[at] ?? 0))
        : decoder.decode(bytes.subarray(at, at + length));
    at += Math.max(length, 1);
  }
  return exact;
}

/** How many bytes the character at `at` has; 0 when there is none. */
export function runeBytes(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (length === 0 || at + length > bytes.length) return 0;
  try {
    strictDecoder.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}

/** UTF-8 bytes of `text`, a fresh value. */
export function encodeText(text: string): Uint8Array {
  if (text === "") return emptyBytes;
  if (!loneSurrogate.test(text)) return encoder.encode(text);
  const bytes = new Uint8Array(textBytes(text));
  writeExact(text, bytes, 0);
  return bytes;
}

/** Text in which lone surrogates stand for bytes. */
function writeExact(text: string, into: Uint8Array, from: number): number {
  let at = from;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (isStrayByte(code)) into[at++] = code - strayByte;
    else at += encoder.encodeInto(char, into.subarray(at)).written;
  }
  return at;
}

function isStrayByte(code: number): boolean {
  return code >= strayByte + 0x80 && code <= strayByte + 0xff;
}

/** How many bytes `text` takes in UTF-8, without making them. */
export function textBytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    // A surrogate pair is two units and four bytes; the second unit adds nothing of its own.
    const isPair = code >= 0xd800 && code < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1));
    if (isPair) i++;
    else if (isStrayByte(code)) continue;
    bytes += code < 0x800 ? 1 : 2;
  }
  return bytes;
}

/** Writes `text` as UTF-8 at `at`, where at least three bytes a unit are free; returns the end. */
export function writeText(text: string, into: Uint8Array, at: number): number {
  const length = text.length;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) {
      if (loneSurrogate.test(text)) return writeExact(text, into, at);
      return at + encoder.encodeInto(text, into.subarray(at)).written;
    }
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
