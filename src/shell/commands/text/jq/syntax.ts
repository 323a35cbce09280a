/** What a jq filter is once parsed, and the mistake that one can be. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export type Filter =
  | { readonly kind: "identity" }
  | { readonly kind: "recurse" }
  | { readonly kind: "literal"; readonly value: Json }
  | { readonly kind: "text"; readonly pieces: readonly (string | Filter)[] }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "index"; readonly of: Filter; readonly by: Filter }
  | {
      readonly kind: "slice";
      readonly of: Filter;
      readonly from: Filter | null;
      readonly to: Filter | null;
    }
  | { readonly kind: "iterate"; readonly of: Filter }
  | { readonly kind: "try"; readonly body: Filter }
  | { readonly kind: "pipe"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "comma"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "binary"; readonly op: string; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "negate"; readonly of: Filter }
  | { readonly kind: "array"; readonly body: Filter | null }
  | { readonly kind: "object"; readonly entries: readonly (readonly [Filter, Filter])[] }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Filter[] }
  | { readonly kind: "if"; readonly test: Filter; readonly yes: Filter; readonly no: Filter }
  | { readonly kind: "bind"; readonly of: Filter; readonly name: string; readonly body: Filter }
  | {
      readonly kind: "reduce";
      readonly of: Filter;
      readonly name: string;
      readonly start: Filter;
      readonly step: Filter;
    };

/** A filter that cannot be parsed (exit 3) or a value that it cannot be applied to (exit 5). */
export class JqError extends Error {
  override readonly name = "JqError";
  readonly exit: 3 | 5;
  constructor(message: string, exit: 3 | 5 = 5) {
    super(message);
    this.exit = exit;
  }
}
