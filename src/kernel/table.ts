/**
 * An ordered map as a B+tree: numbers ascending, strings by code unit. Copy-on-write by epoch along
 * the path that is written (see log.ts for why that is safe). Keys are all numbers or all strings;
 * values are values: never change one that was put in or got out, set a new one.
 */
import {
  entryCeiling,
  entryFloor,
  insertInto,
  leafFor,
  lowerBound,
  newLeaf,
  removeFrom,
  type TableNode,
  walkNode,
} from "./table-nodes.ts";

export type TableKey = number | string;

/** Plain data; read and written only by the functions of this file. */
export interface Table<K extends TableKey, V> {
  readonly container: "table";
  epoch: number;
  size: number;
  /** Raised by every change, so that a walk notices one made by its callback. */
  version: number;
  root: TableNode<K, V>;
}

export interface TableEntry<K, V> {
  readonly key: K;
  readonly value: V;
}

export function createTable<K extends TableKey, V>(): Table<K, V> {
  return { container: "table", epoch: 0, size: 0, version: 0, root: newLeaf(0) };
}

export function tableGet<K extends TableKey, V>(table: Table<K, V>, key: K): V | undefined {
  const leaf = leafFor(table.root, key);
  const i = lowerBound(leaf.keys, key);
  return leaf.keys[i] === key ? leaf.values[i] : undefined;
}

export function tableHas<K extends TableKey>(table: Table<K, unknown>, key: K): boolean {
  const leaf = leafFor(table.root, key);
  return leaf.keys[lowerBound(leaf.keys, key)] === key;
}

/** Adds the entry or replaces its value. */
export function tableSet<K extends TableKey, V>(table: Table<K, V>, key: K, value: V): void {
  insertInto(table, key, value);
}

/** True when there was such an entry. */
export function tableDelete<K extends TableKey, V>(table: Table<K, V>, key: K): boolean {
  // Looking first keeps a miss from copying the path.
  if (!tableHas(table, key)) return false;
  removeFrom(table, key);
  return true;
}

export function tableSize<K extends TableKey>(table: Table<K, unknown>): number {
  return table.size;
}

export function tableFirst<K extends TableKey, V>(table: Table<K, V>): TableEntry<K, V> | null {
  let node = table.root;
  while (!node.leaf) node = node.children[0] as TableNode<K, V>;
  return entryOf(node.keys[0], node.values[0], table.size);
}

export function tableLast<K extends TableKey, V>(table: Table<K, V>): TableEntry<K, V> | null {
  let node = table.root;
  while (!node.leaf) node = node.children[node.children.length - 1] as TableNode<K, V>;
  const i = node.keys.length - 1;
  return entryOf(node.keys[i], node.values[i], table.size);
}

/** The entry with the smallest key >= `key`. */
export function tableCeiling<K extends TableKey, V>(
  table: Table<K, V>,
  key: K,
): TableEntry<K, V> | null {
  return entryCeiling(table.root, key, false);
}

/** The entry with the smallest key > `key`. */
export function tableHigher<K extends TableKey, V>(
  table: Table<K, V>,
  key: K,
): TableEntry<K, V> | null {
  return entryCeiling(table.root, key, true);
}

/** The entry with the largest key <= `key`. */
export function tableFloor<K extends TableKey, V>(
  table: Table<K, V>,
  key: K,
): TableEntry<K, V> | null {
  return entryFloor(table.root, key, false);
}

/** The entry with the largest key < `key`. */
export function tableLower<K extends TableKey, V>(
  table: Table<K, V>,
  key: K,
): TableEntry<K, V> | null {
  return entryFloor(table.root, key, true);
}

/**
 * Calls `fn` for each entry in key order, from the first key >= `from` when given; false stops.
 * The callback may change the table: the walk goes on after the key it was called with.
 */
export function tableEach<K extends TableKey, V>(
  table: Table<K, V>,
  fn: (value: V, key: K) => unknown,
  from?: K,
): void {
  const walk = { table, fn, version: table.version, last: from as K };
  let after = false;
  let start = from;
  while (walkNode(walk, table.root, start, after) === "changed") {
    walk.version = table.version;
    start = walk.last;
    after = true;
  }
}

/** All keys in order; for small tables and tests. */
export function tableKeys<K extends TableKey>(table: Table<K, unknown>): K[] {
  const keys: K[] = [];
  tableEach(table, (_, key) => void keys.push(key));
  return keys;
}

/** All values in key order; for small tables and tests. */
export function tableValues<K extends TableKey, V>(table: Table<K, V>): V[] {
  const values: V[] = [];
  tableEach(table, (value) => void values.push(value));
  return values;
}

/** A copy that shares every node; raises the epoch of both. */
export function forkTable<K extends TableKey, V>(table: Table<K, V>): Table<K, V> {
  table.epoch += 1;
  return { ...table };
}

function entryOf<K, V>(
  key: K | undefined,
  value: V | undefined,
  size: number,
): TableEntry<K, V> | null {
  return size === 0 ? null : { key: key as K, value: value as V };
}
