// What flags and arguments can hold.

/** How the text of a flag or argument becomes a value. */
export type ValueType =
  | "string"
  | "strings" // repeatable
  | "int" // reads a float and drops the fraction, as fisk's IntVar does
  | "int64"
  | "uint"
  | "duration" // nanoseconds
  | "switch" // --x only
  | "bool" // --x and --no-x
  | "enum"
  | "map" // K=V or K:V, repeatable
  | "file" // must exist
  | "directory"; // must exist

export interface ValueOfType {
  readonly string: string;
  readonly strings: readonly string[];
  readonly int: number;
  readonly int64: number;
  readonly uint: number;
  readonly duration: number;
  readonly switch: boolean;
  readonly bool: boolean;
  readonly enum: string;
  readonly map: Readonly<Record<string, string>>;
  readonly file: string;
  readonly directory: string;
}

export type Value = ValueOfType[ValueType];
