/** A table in the order of its keys: ends, neighbours, walks. */
import type { Table, TableEntry, TableKey } from "./table.ts";
import { entryCeiling, entryFloor, type TableNode, walkNode } from "./table-nodes.ts";

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

function entryOf<K, V>(
  key: K | undefined,
  value: V | undefined,
  size: number,
): TableEntry<K, V> | null {
  return size === 0 ? null : { key: key as K, value: value as V };
}
