/**
 * The canonical 128-bit hash of plain state. Equal states have equal hashes however they came
 * about: object keys are sorted, maps and tables are summed entry by entry, the shape of trees and
 * the epochs of chunks do not count. Full chunks keep their hash, so a large world is cheap to
 * hash twice.
 */
import { assert } from "./assert.ts";
import { type ByteLog, byteChunkSize } from "./byte-log.ts";
import type { Cell, Container } from "./fork.ts";
import {
  createHasher,
  finishHash,
  type Hasher,
  type HashWords,
  hashBytes,
  hashDouble,
  hashHex,
  hashString,
  hashWord,
  hashWords,
} from "./hasher.ts";
import { type Log, logChunkRows } from "./log-chunks.ts";
import { type NumberLog, numberChunkSize } from "./number-log.ts";
import { compareStrings } from "./order.ts";
import { type Queue, queueEach } from "./queue.ts";
import type { Table } from "./table.ts";
import type { TableNode } from "./table-nodes.ts";

const depthMax = 200;
const noKeys: ReadonlySet<string> = new Set();

// What a value begins with, so that no two values of different types feed the same words.
const tag = {
  null: 1,
  undefined: 2,
  true: 3,
  false: 4,
  int: 5,
  double: 6,
  string: 7,
  bigint: 8,
  bytes: 9,
  array: 10,
  object: 11,
  map: 12,
  set: 13,
  log: 14,
  table: 15,
  numbers: 16,
  queue: 17,
  random: 18,
} as const;

/**
 * 32 hexadecimal digits over plain data. Properties named in `omit` are left out wherever they
 * occur outside of containers; properties that are undefined count as absent.
 */
export function stateHash(value: unknown, omit: ReadonlySet<string> = noKeys): string {
  const hasher = createHasher();
  hashValue(hasher, value, omit, 0);
  return hashHex(finishHash(hasher));
}

type Omit = ReadonlySet<string>;

function hashValue(hasher: Hasher, value: unknown, omit: Omit, depth: number): void {
  switch (typeof value) {
    case "number":
      hashNumber(hasher, value);
      return;
    case "string":
      hashWord(hasher, tag.string);
      hashString(hasher, value);
      return;
    case "boolean":
      hashWord(hasher, value ? tag.true : tag.false);
      return;
    case "undefined":
      hashWord(hasher, tag.undefined);
      return;
    case "bigint":
      hashWord(hasher, tag.bigint);
      hashString(hasher, value.toString());
      return;
    case "object":
      if (value === null) hashWord(hasher, tag.null);
      else hashObject(hasher, value, omit, depth + 1);
      return;
    default:
      assert(false, `a ${typeof value} in the state`);
  }
}

function hashNumber(hasher: Hasher, value: number): void {
  const int = value | 0;
  if (int === value) {
    hashWord(hasher, tag.int);
    hashWord(hasher, int);
    return;
  }
  hashWord(hasher, tag.double);
  hashDouble(hasher, value);
}

function hashObject(hasher: Hasher, value: object, omit: Omit, depth: number): void {
  assert(depth < depthMax, "the state is too deep: a cycle?");
  if (value instanceof Uint8Array) {
    hashWord(hasher, tag.bytes);
    hashBytes(hasher, value);
    return;
  }
  if (Array.isArray(value)) {
    hashWord(hasher, tag.array);
    hashWord(hasher, value.length);
    for (let i = 0; i < value.length; i++) hashValue(hasher, value[i], omit, depth);
    return;
  }
  if (value instanceof Map) {
    hashMap(hasher, value, omit, depth);
    return;
  }
  if (value instanceof Set) {
    hashSet(hasher, value, depth);
    return;
  }
  if (ArrayBuffer.isView(value)) {
    hashWord(hasher, tag.bytes);
    hashBytes(hasher, new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    return;
  }
  if ("container" in value) {
    const container = value as Container;
    if (container.container === "cell") hashObject(hasher, container.value, omit, depth);
    else hashContainer(hasher, container);
    return;
  }
  hashRecord(hasher, value as Readonly<Record<string, unknown>>, omit, depth);
}

function hashRecord(
  hasher: Hasher,
  value: Readonly<Record<string, unknown>>,
  omit: Omit,
  depth: number,
): void {
  const keys = Object.keys(value);
  for (let i = 1; i < keys.length; i++) {
    if ((keys[i - 1] as string) < (keys[i] as string)) continue;
    keys.sort(compareStrings);
    break;
  }
  hashWord(hasher, tag.object);
  let count = 0;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    const entry = value[key];
    if (entry === undefined || omit.has(key)) continue;
    hashString(hasher, key);
    hashValue(hasher, entry, omit, depth);
    count += 1;
  }
  hashWord(hasher, count);
}

function hashMap(hasher: Hasher, map: Map<unknown, unknown>, omit: Omit, depth: number): void {
  const sum = [0, 0, 0, 0];
  for (const [key, entry] of map) {
    const one = createHasher();
    hashValue(one, key, omit, depth);
    hashValue(one, entry, omit, depth);
    addTo(sum, finishHash(one));
  }
  hashWord(hasher, tag.map);
  hashWord(hasher, map.size);
  hashSum(hasher, sum);
}

function hashSet(hasher: Hasher, set: Set<unknown>, depth: number): void {
  const sum = [0, 0, 0, 0];
  for (const entry of set) {
    const one = createHasher();
    hashValue(one, entry, noKeys, depth);
    addTo(sum, finishHash(one));
  }
  hashWord(hasher, tag.set);
  hashWord(hasher, set.size);
  hashSum(hasher, sum);
}

function hashContainer(hasher: Hasher, value: Exclude<Container, Cell<object>>): void {
  switch (value.container) {
    case "log":
      hashLog(hasher, value);
      return;
    case "table":
      hashWord(hasher, tag.table);
      hashWord(hasher, value.size);
      hashWords(hasher, nodeHash(value.root));
      return;
    case "bytes":
      hashByteLog(hasher, value);
      return;
    case "numbers":
      hashNumberLog(hasher, value);
      return;
    case "seqset":
      hashContainer(hasher, value.intervals as unknown as Table<string, unknown>);
      return;
    case "queue":
      hashQueue(hasher, value);
      return;
    case "random":
      // Without what the checking mode remembers: it must not change the hash.
      hashWord(hasher, tag.random);
      hashNumber(hasher, value.seed);
      hashMap(hasher, value.streams, noKeys, 0);
      return;
    default:
      assert(false, `not a container: ${(value as { container: unknown }).container}`);
  }
}

/** The sum over the entries below a node: the same for every shape of tree. */
function nodeHash(node: TableNode<string, unknown>): HashWords {
  if (node.hash !== null) return node.hash;
  const sum = [0, 0, 0, 0];
  if (node.leaf) {
    for (let i = 0; i < node.keys.length; i++) {
      const one = createHasher();
      hashValue(one, node.keys[i], noKeys, 0);
      hashValue(one, node.values[i], noKeys, 0);
      addTo(sum, finishHash(one));
    }
  } else {
    for (const child of node.children) addTo(sum, nodeHash(child));
  }
  node.hash = sum as unknown as HashWords;
  return node.hash;
}

function hashLog(hasher: Hasher, log: Log<unknown>): void {
  hashWord(hasher, tag.log);
  hashNumber(hasher, log.first);
  hashNumber(hasher, log.end);
  for (let c = 0; c < log.chunks.length; c++) {
    const chunk = log.chunks[c];
    const start = (log.base + c) * logChunkRows;
    const from = Math.max(log.first, start);
    const to = Math.min(log.end, start + logChunkRows);
    if (chunk === undefined || from >= to) continue;
    const whole = to - from === logChunkRows;
    if (!whole || chunk.hash === null) {
      const one = createHasher();
      for (let i = from; i < to; i++) hashValue(one, chunk.rows[i - start], noKeys, 0);
      const words = finishHash(one);
      if (whole) chunk.hash = words;
      hashWords(hasher, words);
    } else {
      hashWords(hasher, chunk.hash);
    }
  }
}

function hashNumberLog(hasher: Hasher, log: NumberLog): void {
  hashWord(hasher, tag.numbers);
  hashNumber(hasher, log.first);
  hashNumber(hasher, log.end);
  for (let c = 0; c < log.chunks.length; c++) {
    const chunk = log.chunks[c];
    const start = (log.base + c) * numberChunkSize;
    const from = Math.max(log.first, start);
    const to = Math.min(log.end, start + numberChunkSize);
    if (chunk === undefined || from >= to) continue;
    const whole = to - from === numberChunkSize;
    if (!whole || chunk.hash === null) {
      const one = createHasher();
      for (let i = from; i < to; i++) hashNumber(one, chunk.values[i - start] as number);
      const words = finishHash(one);
      if (whole) chunk.hash = words;
      hashWords(hasher, words);
    } else {
      hashWords(hasher, chunk.hash);
    }
  }
}

function hashByteLog(hasher: Hasher, log: ByteLog): void {
  hashWord(hasher, tag.bytes);
  hashNumber(hasher, log.first);
  hashNumber(hasher, log.end);
  for (let c = 0; c < log.chunks.length; c++) {
    const chunk = log.chunks[c];
    if (chunk === null || chunk === undefined) continue;
    const start = (log.base + c) * byteChunkSize;
    const from = Math.max(0, log.first - start);
    // Only a fork's own end says how much of a shared tail is its; a sealed chunk knows its use.
    const isTail = log.end - start <= byteChunkSize && log.end > start;
    const to = isTail ? log.end - start : chunk.used;
    if (from >= to) continue;
    if (isTail || from > 0) {
      hashBytes(hasher, chunk.bytes.subarray(from, to));
      continue;
    }
    if (chunk.hash === null) {
      const one = createHasher();
      hashBytes(one, chunk.bytes.subarray(0, to));
      chunk.hash = finishHash(one);
    }
    hashWords(hasher, chunk.hash);
  }
}

function hashQueue(hasher: Hasher, queue: Queue<unknown>): void {
  const sum = [0, 0, 0, 0];
  queueEach(queue, (item) => {
    const one = createHasher();
    hashNumber(one, item.at);
    hashNumber(one, item.seq);
    hashValue(one, item.timer, noKeys, 0);
    hashValue(one, item.event, noKeys, 0);
    addTo(sum, finishHash(one));
  });
  hashWord(hasher, tag.queue);
  hashNumber(hasher, queue.nextSeq);
  hashSum(hasher, sum);
}

function addTo(sum: number[], words: HashWords): void {
  for (let i = 0; i < 4; i++) sum[i] = ((sum[i] as number) + (words[i] as number)) | 0;
}

function hashSum(hasher: Hasher, sum: readonly number[]): void {
  for (let i = 0; i < 4; i++) hashWord(hasher, sum[i] as number);
}
