/** The 128-bit mixing function under state hashes and random seeds: integers only. */

/** A finished 128-bit hash as four 32-bit words. */
export type HashWords = readonly [number, number, number, number];

/** A running hash; plain data, so it may be kept in state. */
export interface Hasher {
  a: number;
  b: number;
  c: number;
  d: number;
  /** How many words went in. */
  words: number;
}

export function createHasher(): Hasher {
  return { a: 0x243f6a88 | 0, b: 0x85a308d3 | 0, c: 0x13198a2e | 0, d: 0x03707344 | 0, words: 0 };
}

/** Mixes one 32-bit word into all four lanes; the multiplier-rotate steps are murmur3's. */
export function hashWord(hasher: Hasher, word: number): void {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  let { a, b, c, d } = hasher;
  a ^= k;
  a = (Math.imul((a << 13) | (a >>> 19), 5) + d + 0x561ccd1b) | 0;
  b ^= k;
  b = (Math.imul((b << 17) | (b >>> 15), 0x38b34ae5) + a + 0x0bcaa747) | 0;
  c ^= k;
  c = (Math.imul((c << 15) | (c >>> 17), 0xa1e38b93) + b + 0x96cd1c35) | 0;
  d ^= k;
  d = (Math.imul((d << 18) | (d >>> 14), 0x239b961b) + c + 0x32ac3b17) | 0;
  hasher.a = a;
  hasher.b = b;
  hasher.c = c;
  hasher.d = d;
  hasher.words += 1;
}

/** Length first, then two code units a word. */
export function hashString(hasher: Hasher, text: string): void {
  const length = text.length;
  hashWord(hasher, length);
  let i = 0;
  for (; i + 1 < length; i += 2) {
    hashWord(hasher, text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
  }
  if (i < length) hashWord(hasher, text.charCodeAt(i));
}

/** Length first, then four bytes a word, little end first. */
export function hashBytes(hasher: Hasher, data: Uint8Array): void {
  const length = data.length;
  hashWord(hasher, length);
  let i = 0;
  for (; i + 3 < length; i += 4) {
    hashWord(
      hasher,
      (data[i] as number) |
        ((data[i + 1] as number) << 8) |
        ((data[i + 2] as number) << 16) |
        ((data[i + 3] as number) << 24),
    );
  }
  let rest = 0;
  for (let shift = 0; i < length; i++, shift += 8) rest |= (data[i] as number) << shift;
  if (length % 4 !== 0) hashWord(hasher, rest);
}

const doubleBits = new Float64Array(1);
const doubleWords = new Uint32Array(doubleBits.buffer);

/** The bits of a double; every NaN is one NaN and -0 is 0. */
export function hashDouble(hasher: Hasher, value: number): void {
  doubleBits[0] = value === 0 ? 0 : value;
  if (Number.isNaN(value)) doubleBits[0] = Number.NaN;
  hashWord(hasher, doubleWords[0] as number);
  hashWord(hasher, doubleWords[1] as number);
}

/** The hash so far; the hasher may go on afterwards. */
export function finishHash(hasher: Hasher): HashWords {
  let a = avalanche(hasher.a ^ hasher.words);
  let b = avalanche(hasher.b ^ hasher.words);
  let c = avalanche(hasher.c ^ hasher.words);
  let d = avalanche(hasher.d ^ hasher.words);
  a = (a + b + c + d) | 0;
  b = (b + a) | 0;
  c = (c + a) | 0;
  d = (d + a) | 0;
  return [a, avalanche(b), avalanche(c), avalanche(d)];
}

/** Mixes a finished hash into another hasher. */
export function hashWords(hasher: Hasher, words: HashWords): void {
  hashWord(hasher, words[0]);
  hashWord(hasher, words[1]);
  hashWord(hasher, words[2]);
  hashWord(hasher, words[3]);
}

/** 32 lower-case hexadecimal digits. */
export function hashHex(words: HashWords): string {
  return words.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

function avalanche(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
