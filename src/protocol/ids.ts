/** Identifiers that NATS makes: NUIDs, public keys, and the base64url of nonces and subjects. */

/** Draws an integer from 0 to 2^32 - 1. */
export type DrawU32 = () => number;

/** A NUID generator: a random prefix and a counter that goes up by a random step. Plain data. */
export interface NuidState {
  prefix: string;
  /** The counter in base 62: upper and lower five digits. */
  high: number;
  low: number;
  step: number;
}

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const prefixLength = 12;
/** 62^5: half of the counter's ten digits. */
const half = 916_132_832;
const stepMin = 33;
const stepMax = 333;

export function createNuid(draw: DrawU32): NuidState {
  const nuid = { prefix: "", high: 0, low: 0, step: 0 };
  reseed(nuid, draw);
  return nuid;
}

/** The next of 22 characters. Source: `nats-io/nuid`, as nats-server and its clients have it. */
export function nextNuid(nuid: NuidState, draw: DrawU32): string {
  nuid.low += nuid.step;
  if (nuid.low >= half) {
    nuid.low -= half;
    nuid.high++;
    if (nuid.high >= half) reseed(nuid, draw);
  }
  return nuid.prefix + fiveDigits(nuid.high) + fiveDigits(nuid.low);
}

/** `length` random characters of base 62. */
export function randomBase62(length: number, draw: DrawU32): string {
  let text = "";
  for (let i = 0; i < length; i++) text += base62[draw() % 62];
  return text;
}

function reseed(nuid: NuidState, draw: DrawU32): void {
  nuid.prefix = randomBase62(prefixLength, draw);
  nuid.high = draw() % half;
  nuid.low = draw() % half;
  nuid.step = stepMin + (draw() % (stepMax - stepMin));
}

function fiveDigits(value: number): string {
  let text = "";
  let rest = value;
  for (let i = 0; i < 5; i++) {
    text = (base62[rest % 62] ?? "") + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Kinds of nkeys: the first letter of the encoded key, as its prefix byte. */
const keyPrefixes = {
  server: 13 << 3,
  operator: 14 << 3,
  curve: 23 << 3,
  account: 0,
  user: 20 << 3,
} as const;

/** A well-formed public key of 56 characters (`N…` for a server, `X…` for a curve), key random. */
export function randomPublicKey(kind: keyof typeof keyPrefixes, draw: DrawU32): string {
  const raw: number[] = [keyPrefixes[kind]];
  while (raw.length < 33) {
    const word = draw();
    raw.push(word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24);
  }
  raw.length = 33;
  const crc = crc16(raw);
  return encodeBits([...raw, crc & 255, crc >>> 8], base32, 5);
}

/** The 32 bytes of a public key in its text form; null for anything else. Source: `nats-io/nkeys`. */
export function decodePublicKey(kind: keyof typeof keyPrefixes, text: string): Uint8Array | null {
  if (!/^[A-Z2-7]{56}$/.test(text)) return null;
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const digit of text) {
    held = ((held << 5) | base32.indexOf(digit)) & 0x1fff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 255);
  }
  const raw = bytes.slice(0, 33);
  const isSound = crc16(raw) === (bytes[33] ?? 0) + ((bytes[34] ?? 0) << 8);
  return isSound && raw[0] === keyPrefixes[kind] ? Uint8Array.from(raw.slice(1)) : null;
}

/** CRC-16/XMODEM, which nkeys append, low byte first. */
function crc16(bytes: readonly number[]): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    crc &= 0xffff;
  }
  return crc;
}

const base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** RFC 4648 section 5, without padding. */
export function encodeBase64Url(bytes: ArrayLike<number>): string {
  return encodeBits(bytes, base64url, 6);
}

/** RFC 4648 section 4, with padding: how JSON carries bytes. */
export function encodeBase64(bytes: ArrayLike<number>): string {
  const text = encodeBase64Url(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return text.padEnd(Math.ceil(bytes.length / 3) * 4, "=");
}

/** Reads either alphabet, padded or not; null for any other character. */
export function decodeBase64(text: string): Uint8Array | null {
  const digits = text.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
  const bytes = new Uint8Array(Math.floor((digits.length * 6) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const digit of digits) {
    const value = base64url.indexOf(digit);
    if (value < 0) return null;
    held = ((held << 6) | value) & 0x3fff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >> bits) & 255;
  }
  return bytes;
}

function encodeBits(bytes: ArrayLike<number>, alphabet: string, width: number): string {
  const mask = (1 << width) - 1;
  let text = "";
  let held = 0;
  let bits = 0;
  for (let i = 0; i < bytes.length; i++) {
    held = ((held << 8) | (bytes[i] ?? 0)) & 0xffff;
    bits += 8;
    while (bits >= width) {
      bits -= width;
      text += alphabet[(held >> bits) & mask];
    }
  }
  return bits > 0 ? text + alphabet[(held << (width - bits)) & mask] : text;
}
