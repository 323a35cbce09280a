/** The only sorting helpers of the world: order by UTF-16 code unit, never by locale. */

/** Compares by code unit, so every engine agrees. */
export function compareStrings(a: string, b: string): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

/** The keys of an object or a string-keyed map, in code unit order. */
export function sortedKeys(of: object | ReadonlyMap<string, unknown>): string[] {
  const keys: string[] = of instanceof Map ? [...of.keys()] : Object.keys(of);
  return keys.sort(compareStrings);
}

/** A sorted copy of `list`; equal keys keep their order. */
export function sortedBy<T>(list: Iterable<T>, key: (item: T) => string | number): T[] {
  const keyed = [...list].map((item) => ({ item, key: key(item) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map((entry) => entry.item);
}
