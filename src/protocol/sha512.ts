/** SHA-512 (FIPS 180-4), for signatures: short inputs, no state kept. */

const mask = (1n << 64n) - 1n;
const blockSize = 128;

/** Fractional bits of roots of the first primes; they are computed, so no table can be mistyped. */
const roundConstants = primes(80).map((p) => root(p << 192n, 3n) & mask);
const initial = primes(8).map((p) => root(p << 128n, 2n) & mask);

/** 64 bytes. */
export function sha512(message: Uint8Array): Uint8Array {
  const padded = pad(message);
  const view = new DataView(padded.buffer);
  let state = initial;
  for (let at = 0; at < padded.length; at += blockSize) state = compress(state, schedule(view, at));
  const digest = new Uint8Array(64);
  const out = new DataView(digest.buffer);
  state.forEach((word, i) => {
    out.setBigUint64(i * 8, word);
  });
  return digest;
}

function pad(message: Uint8Array): Uint8Array {
  const length = Math.ceil((message.length + 17) / blockSize) * blockSize;
  const padded = new Uint8Array(length);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(length - 8, BigInt(message.length) * 8n);
  return padded;
}

function schedule(view: DataView, at: number): bigint[] {
  const words: bigint[] = [];
  for (let i = 0; i < 16; i++) words.push(view.getBigUint64(at + i * 8));
  for (let i = 16; i < 80; i++) {
    const a = words[i - 15] ?? 0n;
    const b = words[i - 2] ?? 0n;
    const low = turn(a, 1n) ^ turn(a, 8n) ^ (a >> 7n);
    const high = turn(b, 19n) ^ turn(b, 61n) ^ (b >> 6n);
    words.push(((words[i - 16] ?? 0n) + low + (words[i - 7] ?? 0n) + high) & mask);
  }
  return words;
}

function compress(before: readonly bigint[], words: readonly bigint[]): bigint[] {
  let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = before;
  for (let i = 0; i < 80; i++) {
    const chosen = (e & f) ^ (~e & mask & g);
    const most = (a & b) ^ (a & c) ^ (b & c);
    const high = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
    const low = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
    const one = h + high + chosen + (roundConstants[i] ?? 0n) + (words[i] ?? 0n);
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) & mask, c, b, a, (one + low + most) & mask];
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => (word + (before[i] ?? 0n)) & mask);
}

/** To the right, around. */
function turn(word: bigint, by: bigint): bigint {
  return ((word >> by) | (word << (64n - by))) & mask;
}

function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let n = 2n; found.length < count; n++) {
    if (found.every((p) => n % p !== 0n)) found.push(n);
  }
  return found;
}

/** The whole part of the square or cube root, by halving. */
function root(value: bigint, degree: 2n | 3n): bigint {
  let low = 0n;
  let high = 1n << 80n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    const power = degree === 2n ? middle * middle : middle * middle * middle;
    if (power <= value) low = middle;
    else high = middle;
  }
  return low;
}
