/** Named streams of small integer randomness: a new draw in one place reshuffles no other. */
import { assert } from "./assert.ts";
import { createHasher, finishHash, hashString, hashWord } from "./hasher.ts";
import { createLog, logPush } from "./log.ts";
import type { Log } from "./log-chunks.ts";

/** One sfc32 generator (Chris Doty-Humphrey's small fast counter): three words and a counter. */
export interface RandomStream {
  a: number;
  b: number;
  c: number;
  counter: number;
}

/** One draw as the checking mode remembers it; `mix` covers this draw and all before it. */
export interface DrawRecord {
  readonly at: number;
  readonly stream: string;
  readonly mix: number;
}

/** Plain data inside the kernel. Streams come into being at their first draw. */
export interface RandomStreams {
  readonly container: "random";
  readonly seed: number;
  readonly streams: Map<string, RandomStream>;
  /** The kernel's clock, kept here for the checking mode. */
  now: number;
  /** Null unless checking: then every draw is remembered so that two runs can be compared. */
  draws: Log<DrawRecord> | null;
  drawMix: number;
}

export function createRandom(seed: number, checking = false): RandomStreams {
  const draws = checking ? createLog<DrawRecord>() : null;
  return { container: "random", seed, streams: new Map(), now: 0, draws, drawMix: 0 };
}

/** An integer from 0 to 2^32 - 1. */
export function drawU32(random: RandomStreams, stream: string): number {
  const s = random.streams.get(stream) ?? openStream(random, stream);
  const drawn = next(s);
  if (random.draws !== null) noteDraw(random, stream, drawn);
  return drawn;
}

/** An integer from 0 to n - 1, without bias; n from 1 to 2^53. */
export function drawBelow(random: RandomStreams, stream: string, n: number): number {
  assert(n >= 1 && n <= Number.MAX_SAFE_INTEGER + 1, "drawBelow wants n from 1 to 2^53");
  if (n <= 0x1_0000_0000) {
    const fair = 0x1_0000_0000 - (0x1_0000_0000 % n);
    for (;;) {
      const drawn = drawU32(random, stream);
      if (drawn < fair) return drawn % n;
    }
  }
  const all = Number.MAX_SAFE_INTEGER + 1;
  const fair = all - (all % n);
  for (;;) {
    const high = drawU32(random, stream) >>> 11;
    const drawn = high * 0x1_0000_0000 + drawU32(random, stream);
    if (drawn < fair) return drawn % n;
  }
}

/** An integer with low <= x < high; `low` when both are equal. */
export function drawBetween(
  random: RandomStreams,
  stream: string,
  low: number,
  high: number,
): number {
  assert(low <= high, "drawBetween wants low <= high");
  return low === high ? low : low + drawBelow(random, stream, high - low);
}

/** The first draw at which two checked runs part, or null when one is a prefix of the other. */
export function firstDifferentDraw(
  a: readonly DrawRecord[],
  b: readonly DrawRecord[],
): { index: number; a: DrawRecord; b: DrawRecord } | null {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a[i] as DrawRecord, b[i] as DrawRecord];
    if (x.mix !== y.mix) return { index: i, a: x, b: y };
  }
  return null;
}

function openStream(random: RandomStreams, name: string): RandomStream {
  const hasher = createHasher();
  hashWord(hasher, random.seed);
  hashWord(hasher, Math.floor(random.seed / 0x1_0000_0000));
  hashString(hasher, name);
  const [a, b, c] = finishHash(hasher);
  const stream: RandomStream = { a, b, c, counter: 1 };
  // Twelve rounds spread the seed over all words, as the generator's author advises.
  for (let i = 0; i < 12; i++) next(stream);
  random.streams.set(name, stream);
  return stream;
}

function next(s: RandomStream): number {
  const out = (s.a + s.b + s.counter) | 0;
  s.counter = (s.counter + 1) | 0;
  s.a = s.b ^ (s.b >>> 9);
  s.b = (s.c + (s.c << 3)) | 0;
  s.c = (((s.c << 21) | (s.c >>> 11)) + out) | 0;
  return out >>> 0;
}

function noteDraw(random: RandomStreams, stream: string, drawn: number): void {
  const hasher = createHasher();
  hashWord(hasher, random.drawMix);
  hashWord(hasher, random.now);
  hashWord(hasher, Math.floor(random.now / 0x1_0000_0000));
  hashString(hasher, stream);
  hashWord(hasher, drawn);
  random.drawMix = finishHash(hasher)[0];
  if (random.draws !== null) logPush(random.draws, { at: random.now, stream, mix: random.drawMix });
}
