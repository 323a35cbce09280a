/** Objects whose members are computed when they are first read. */

export type StateObject = Readonly<Record<string, unknown>>;

/** Computes each member when it is first read, once. */
export function lazy(members: Readonly<Record<string, () => unknown>>): StateObject {
  const made = {};
  for (const [name, compute] of Object.entries(members)) {
    Object.defineProperty(made, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = compute();
        Object.defineProperty(made, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return made;
}

/** An object with one lazy member an item. */
export function lazyBy<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  view: (item: T) => unknown,
): StateObject {
  const members: Record<string, () => unknown> = {};
  for (const item of items) members[nameOf(item)] = () => view(item);
  return lazy(members);
}
