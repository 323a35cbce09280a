/**
 * Go's int64 and uint64 as they stand in configurations. Most fit a JavaScript number; what does
 * not is kept as the decimal text that came over the wire, so that it is printed back exactly.
 */

/** An integer of up to 64 bits: a number when exact, else its decimal text in a box. */
export type Int64 = number | { readonly bigint: string };

/** The nearest number, good for comparing with limits and for arithmetic that may round. */
export function int64ToNumber(value: Int64): number {
  return typeof value === "number" ? value : Number(value.bigint);
}

/** The exact value. */
export function int64ToBigInt(value: Int64): bigint {
  return typeof value === "number" ? BigInt(value) : BigInt(value.bigint);
}

/** Exact order of two integers: negative, zero or positive. */
export function compareInt64(a: Int64, b: Int64): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const difference = int64ToBigInt(a) - int64ToBigInt(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Whether two integers are the same. */
export function sameInt64(a: Int64, b: Int64): boolean {
  return compareInt64(a, b) === 0;
}
