/** The nodes of a Table's B+tree: search, insertion, removal and walking. */
import type { HashWords } from "./hasher.ts";
import type { Table, TableEntry, TableKey } from "./table.ts";

export interface TableLeaf<K, V> {
  readonly leaf: true;
  epoch: number;
  keys: K[];
  values: V[];
  /** Sum of the entries' hashes, or null after a change. */
  hash: HashWords | null;
}

/** `keys[i]` is a lower bound of `children[i]`; the bound of child 0 is never looked at. */
interface TableInner<K, V> {
  readonly leaf: false;
  epoch: number;
  keys: K[];
  children: TableNode<K, V>[];
  hash: HashWords | null;
}

export type TableNode<K, V> = TableLeaf<K, V> | TableInner<K, V>;

const nodeKeysMax = 64;
// Neighbours are merged when one falls below a quarter and both fit with room to spare.
const nodeKeysMin = 16;
const mergedKeysMax = 48;

export function newLeaf<K, V>(epoch: number): TableLeaf<K, V> {
  return { leaf: true, epoch, keys: [], values: [], hash: null };
}

/** The position of the first key >= `key`. */
export function lowerBound<K extends TableKey>(keys: readonly K[], key: K): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as K) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function leafFor<K extends TableKey, V>(root: TableNode<K, V>, key: K): TableLeaf<K, V> {
  let node = root;
  while (!node.leaf) node = node.children[childFor(node.keys, key)] as TableNode<K, V>;
  return node;
}

export function insertInto<K extends TableKey, V>(table: Table<K, V>, key: K, value: V): void {
  const root = ownNode(table, table.root);
  table.root = root;
  table.version += 1;
  const sibling = insertAt(table, root, key, value);
  if (sibling === null) return;
  table.root = {
    leaf: false,
    epoch: table.epoch,
    keys: [root.keys[0] as K, sibling.keys[0] as K],
    children: [root, sibling],
    hash: null,
  };
}

/** Removes a key that is there. */
export function removeFrom<K extends TableKey, V>(table: Table<K, V>, key: K): void {
  const root = ownNode(table, table.root);
  table.root = root;
  table.version += 1;
  table.size -= 1;
  removeAt(table, root, key);
  while (!table.root.leaf && table.root.children.length === 1) {
    table.root = table.root.children[0] as TableNode<K, V>;
  }
  if (!table.root.leaf && table.root.children.length === 0) table.root = newLeaf(table.epoch);
}

export function entryCeiling<K extends TableKey, V>(
  node: TableNode<K, V>,
  key: K,
  strict: boolean,
): TableEntry<K, V> | null {
  if (node.leaf) {
    let i = lowerBound(node.keys, key);
    if (strict && node.keys[i] === key) i += 1;
    if (i >= node.keys.length) return null;
    return { key: node.keys[i] as K, value: node.values[i] as V };
  }
  for (let i = childFor(node.keys, key); i < node.children.length; i++) {
    const found = entryCeiling(node.children[i] as TableNode<K, V>, key, strict);
    if (found !== null) return found;
  }
  return null;
}

export function entryFloor<K extends TableKey, V>(
  node: TableNode<K, V>,
  key: K,
  strict: boolean,
): TableEntry<K, V> | null {
  if (node.leaf) {
    let i = lowerBound(node.keys, key);
    if (strict || node.keys[i] !== key) i -= 1;
    if (i < 0) return null;
    return { key: node.keys[i] as K, value: node.values[i] as V };
  }
  for (let i = childFor(node.keys, key); i >= 0; i--) {
    const found = entryFloor(node.children[i] as TableNode<K, V>, key, strict);
    if (found !== null) return found;
  }
  return null;
}

/** A walk in progress: `last` is the key that the callback saw last. */
interface TableWalk<K extends TableKey, V> {
  readonly table: Table<K, V>;
  readonly fn: (value: V, key: K) => unknown;
  version: number;
  last: K;
}

type WalkEnd = "done" | "stopped" | "changed";

/** Walks one subtree from key `start` (after it when `after`); from its beginning when undefined. */
export function walkNode<K extends TableKey, V>(
  walk: TableWalk<K, V>,
  node: TableNode<K, V>,
  start: K | undefined,
  after: boolean,
): WalkEnd {
  if (node.leaf) return walkLeaf(walk, node, start, after);
  const begin = start === undefined ? 0 : childFor(node.keys, start);
  for (let i = begin; i < node.children.length; i++) {
    const from = i === begin ? start : undefined;
    const end = walkNode(walk, node.children[i] as TableNode<K, V>, from, after);
    if (end !== "done") return end;
  }
  return "done";
}

function walkLeaf<K extends TableKey, V>(
  walk: TableWalk<K, V>,
  leaf: TableLeaf<K, V>,
  start: K | undefined,
  after: boolean,
): WalkEnd {
  let i = start === undefined ? 0 : lowerBound(leaf.keys, start);
  if (after && start !== undefined && leaf.keys[i] === start) i += 1;
  for (; i < leaf.keys.length; i++) {
    walk.last = leaf.keys[i] as K;
    if (walk.fn(leaf.values[i] as V, walk.last) === false) return "stopped";
    if (walk.table.version !== walk.version) return "changed";
  }
  return "done";
}

/** The child that holds `key` if any does. */
function childFor<K extends TableKey>(keys: readonly K[], key: K): number {
  let low = 1;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as K) <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The node itself when this epoch made it, else a copy; its hash is forgotten either way. */
function ownNode<K extends TableKey, V>(
  table: Table<K, V>,
  node: TableNode<K, V>,
): TableNode<K, V> {
  if (node.epoch === table.epoch) {
    node.hash = null;
    return node;
  }
  const { epoch } = table;
  const keys = node.keys.slice();
  if (node.leaf) return { leaf: true, epoch, keys, values: node.values.slice(), hash: null };
  return { leaf: false, epoch, keys, children: node.children.slice(), hash: null };
}

/** Inserts below an owned node; answers the new right sibling when the node was split. */
function insertAt<K extends TableKey, V>(
  table: Table<K, V>,
  node: TableNode<K, V>,
  key: K,
  value: V,
): TableNode<K, V> | null {
  if (node.leaf) {
    const i = lowerBound(node.keys, key);
    if (node.keys[i] === key) {
      node.values[i] = value;
      return null;
    }
    table.size += 1;
    putIn(node.keys, i, key);
    putIn(node.values, i, value);
  } else {
    const i = childFor(node.keys, key);
    const child = ownNode(table, node.children[i] as TableNode<K, V>);
    node.children[i] = child;
    const sibling = insertAt(table, child, key, value);
    if (sibling === null) return null;
    putIn(node.keys, i + 1, sibling.keys[0] as K);
    putIn(node.children, i + 1, sibling);
  }
  return node.keys.length > nodeKeysMax ? split(table.epoch, node, key) : null;
}

/** As `splice`, which makes a list of what it removed: most tables grow at one end. */
function putIn<T>(list: T[], at: number, item: T): void {
  if (at === list.length) list.push(item);
  else list.splice(at, 0, item);
}

/** As `splice`, which makes a list of what it removed: most tables shrink at one end. */
function takeOut<T>(list: T[], at: number): void {
  if (at === 0) list.shift();
  else if (at === list.length - 1) list.pop();
  else list.splice(at, 1);
}

function split<K extends TableKey, V>(
  epoch: number,
  node: TableNode<K, V>,
  key: K,
): TableNode<K, V> {
  // Keys that only grow leave full nodes behind instead of half-empty ones.
  const last = node.keys[node.keys.length - 1] as K;
  const at = key >= last ? nodeKeysMax : nodeKeysMax >> 1;
  // Slices are as long as what is in them; a list that was cut short keeps its room.
  const keys = node.keys.slice(at);
  node.keys = node.keys.slice(0, at);
  if (node.leaf) {
    const values = node.values.slice(at);
    node.values = node.values.slice(0, at);
    return { leaf: true, epoch, keys, values, hash: null };
  }
  const children = node.children.slice(at);
  node.children = node.children.slice(0, at);
  return { leaf: false, epoch, keys, children, hash: null };
}

function removeAt<K extends TableKey, V>(table: Table<K, V>, node: TableNode<K, V>, key: K): void {
  if (node.leaf) {
    const at = lowerBound(node.keys, key);
    takeOut(node.keys, at);
    takeOut(node.values, at);
    return;
  }
  const i = childFor(node.keys, key);
  const child = ownNode(table, node.children[i] as TableNode<K, V>);
  node.children[i] = child;
  removeAt(table, child, key);
  if (child.keys.length === 0) {
    takeOut(node.keys, i);
    takeOut(node.children, i);
  } else if (child.keys.length < nodeKeysMin) {
    mergeAround(table, node, i);
  }
}

/** Merges child i with a neighbour when both fit into one node. */
function mergeAround<K extends TableKey, V>(
  table: Table<K, V>,
  node: TableInner<K, V>,
  i: number,
): void {
  const left = i > 0 ? i - 1 : i;
  const a = node.children[left];
  const b = node.children[left + 1];
  if (a === undefined || b === undefined) return;
  if (a.keys.length + b.keys.length > mergedKeysMax) return;
  const into = ownNode(table, a);
  node.children[left] = into;
  const from = into.keys.length;
  for (const key of b.keys) into.keys.push(key);
  if (into.leaf && b.leaf) {
    for (const value of b.values) into.values.push(value);
  } else if (!into.leaf && !b.leaf) {
    for (const child of b.children) into.children.push(child);
    // The parent's bound is the true one: b's own may have grown when its first child went.
    into.keys[from] = node.keys[left + 1] as K;
  }
  takeOut(node.keys, left + 1);
  takeOut(node.children, left + 1);
}
