/**
 * An ordered map as a B+tree: numbers ascending, strings by code unit. Copy-on-write by epoch along
 * the path that is written (log-chunks.ts says why that is safe). Keys are all numbers or all
 * strings; values are values: never change one that was put in or got out, set a new one.
 */
import {
  insertInto,
  leafFor,
  lowerBound,
  newLeaf,
  removeFrom,
  type TableNode,
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

/** A copy that shares every node; raises the epoch of both. */
export function forkTable<K extends TableKey, V>(table: Table<K, V>): Table<K, V> {
  table.epoch += 1;
  const { epoch, size, version, root } = table;
  return { container: "table", epoch, size, version, root };
}
