/** Ed25519 signatures (RFC 8032), only checked here: NATS clients sign, servers verify. */
import { sha512 } from "./sha512.ts";

const prime = (1n << 255n) - 19n;
/** The order of the base point. */
const order = (1n << 252n) + 27742317777372353535851937790883648493n;
/** -121665/121666, of the curve -x² + y² = 1 + d x² y². */
const curve = mod(-121665n * inverse(121666n));
const rootOfMinusOne = power(2n, (prime - 1n) / 4n);

/** A point as x/z, y/z, with t = xy/z. */
type Point = readonly [x: bigint, y: bigint, z: bigint, t: bigint];

const zero: Point = [0n, 1n, 1n, 0n];
const baseY = mod(4n * inverse(5n));
const base = pointOf(baseY, 0n) ?? zero;

/** Whether `signature` (64 bytes) of `message` was made with the key of `publicKey` (32 bytes). */
export function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const key = decodePoint(publicKey);
  const scalar = littleEndian(signature.subarray(32));
  // RFC 8032 5.1.7: a larger one would be a second signature of the same message.
  if (key === null || scalar >= order) return false;
  const hashed = new Uint8Array(64 + message.length);
  hashed.set(signature.subarray(0, 32));
  hashed.set(publicKey, 32);
  hashed.set(message, 64);
  const challenge = littleEndian(sha512(hashed)) % order;
  const [x, y, z, t] = key;
  const minusKey: Point = [mod(-x), y, z, mod(-t)];
  const made = add(multiply(base, scalar), multiply(minusKey, challenge));
  return encodePoint(made) === littleEndian(signature.subarray(0, 32));
}

/** RFC 8032 5.1.4. */
function add(a: Point, b: Point): Point {
  const [ax, ay, az, at] = a;
  const [bx, by, bz, bt] = b;
  const one = mod((ay - ax) * (by - bx));
  const two = mod((ay + ax) * (by + bx));
  const three = mod(2n * curve * at * bt);
  const four = mod(2n * az * bz);
  const e = two - one;
  const f = four - three;
  const g = four + three;
  const h = two + one;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function multiply(point: Point, by: bigint): Point {
  let sum = zero;
  let doubled = point;
  for (let rest = by; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = add(sum, doubled);
    doubled = add(doubled, doubled);
  }
  return sum;
}

function decodePoint(bytes: Uint8Array): Point | null {
  const number = littleEndian(bytes);
  const y = number & ((1n << 255n) - 1n);
  return y < prime ? pointOf(y, number >> 255n) : null;
}

/** RFC 8032 5.1.3: y and the lowest bit of x. */
function pointOf(y: bigint, sign: bigint): Point | null {
  const square = mod((y * y - 1n) * inverse(curve * y * y + 1n));
  let x = power(square, (prime + 3n) / 8n);
  if (mod(x * x - square) !== 0n) x = mod(x * rootOfMinusOne);
  if (mod(x * x - square) !== 0n || (x === 0n && sign === 1n)) return null;
  if ((x & 1n) !== sign) x = mod(-x);
  return [x, y, 1n, mod(x * y)];
}

function encodePoint([x, y, z]: Point): bigint {
  const scale = inverse(z);
  return mod(y * scale) | ((mod(x * scale) & 1n) << 255n);
}

function littleEndian(bytes: Uint8Array): bigint {
  let number = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) number = (number << 8n) | BigInt(bytes[i] ?? 0);
  return number;
}

function mod(value: bigint): bigint {
  const rest = value % prime;
  return rest < 0n ? rest + prime : rest;
}

function inverse(value: bigint): bigint {
  return power(mod(value), prime - 2n);
}

function power(value: bigint, exponent: bigint): bigint {
  let result = 1n;
  let squared = mod(value);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * squared);
    squared = mod(squared * squared);
  }
  return result;
}
