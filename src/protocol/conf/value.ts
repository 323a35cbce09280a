/** What a nats-server configuration file says: values that know where they stood. */

/** Where a value, or the key it belongs to, stands. */
export interface ConfPlace {
  readonly file: string;
  readonly line: number;
  /** As nats-server counts: from 0 in the first line, from 1 in those after it. */
  readonly column: number;
}

export type ConfValue = ConfPlace & {
  /** A variable elsewhere refers to this key: then it needs no meaning of its own. */
  usedAsVariable: boolean;
} & (
    | { readonly kind: "string"; readonly value: string }
    | { readonly kind: "integer"; readonly value: number }
    | { readonly kind: "float"; readonly value: number }
    | { readonly kind: "bool"; readonly value: boolean }
    | { readonly kind: "date"; readonly value: string }
    | { readonly kind: "array"; readonly value: readonly ConfValue[] }
    | { readonly kind: "map"; readonly value: ConfMap }
  );

/** Keys in the order in which they first came; a repeated key keeps its last value. */
export type ConfMap = ReadonlyMap<string, ConfValue>;

/** A file that does not follow the grammar. The text is nats-server's. */
export class ConfError extends Error {
  override readonly name = "ConfError";
  readonly line: number;
  constructor(text: string, line: number) {
    super(text);
    this.line = line;
  }
}

/** A value without its places: what a test or a person compares. */
export function plainConf(value: ConfValue | ConfMap): unknown {
  if (value instanceof Map) {
    const plain: Record<string, unknown> = {};
    for (const [key, member] of value as ConfMap) plain[key] = plainConf(member);
    return plain;
  }
  const node = value as ConfValue;
  if (node.kind === "array") return node.value.map(plainConf);
  return node.kind === "map" ? plainConf(node.value) : node.value;
}
