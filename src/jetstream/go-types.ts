/** Shapes of Go structs: what the decoder reads JSON into. */

/**
 * What a field of a Go struct takes. `name` is the Go type as its errors spell it; `%s` in the
 * error of an enumeration stands for what was given.
 */
export type GoType =
  | { readonly go: "string" | "bool" }
  | { readonly go: "int"; readonly name: string; readonly low: bigint; readonly high: bigint }
  | { readonly go: "time" }
  /** A string of which only some are known; every other is answered with `error`. */
  | {
      readonly go: "text";
      readonly values: Readonly<Record<string, string>>;
      readonly error: string;
    }
  | {
      readonly go: "enum";
      readonly values: Readonly<Record<string, string>>;
      readonly error?: string;
      /** Whether upper and lower case are the same. */
      readonly anyCase?: boolean;
    }
  | { readonly go: "slice"; readonly of: GoType }
  | { readonly go: "map"; readonly of: GoType }
  | GoStruct;

export interface GoStruct {
  readonly go: "struct";
  /** Without its package, which is always `server`. */
  readonly name: string;
  readonly fields: Readonly<Record<string, GoType>>;
  /** An embedded struct, whose fields stand beside the others. */
  readonly embedded?: GoStruct;
}

export const goString: GoType = { go: "string" };

export const goBool: GoType = { go: "bool" };

export const goTime: GoType = { go: "time" };

export const goInt64 = intType("int64", -(2n ** 63n), 2n ** 63n - 1n);

export const goUint64 = intType("uint64", 0n, 2n ** 64n - 1n);

export const goInt: GoType = { ...goInt64, name: "int" };

export const goInt32 = intType("int32", -(2n ** 31n), 2n ** 31n - 1n);

export const goDuration: GoType = { ...goInt64, name: "time.Duration" };

/** An enumeration whose values are kept under the names they have on the wire. */
export function enumOf(...names: readonly string[]): GoType & { readonly go: "enum" } {
  return { go: "enum", values: Object.fromEntries(names.map((name) => [name, name])) };
}

export const goStrings: GoType = { go: "slice", of: goString };

function intType(name: string, low: bigint, high: bigint) {
  return { go: "int", name, low, high } as const;
}
