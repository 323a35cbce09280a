/** The lazy state object as plain data that can cross to the page. */

/** Big integers, which JSON has not, cross as their decimal text. */
export function plainState(state: unknown): unknown {
  return JSON.parse(
    JSON.stringify(state, (_key, value: unknown) => {
      if (value instanceof Map) return Object.fromEntries(value);
      return typeof value === "bigint" ? value.toString() : value;
    }),
  );
}
