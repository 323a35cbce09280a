/** The query of a monitoring request, read as nats-server reads it. */
import { encodeGoQuote } from "../../jetstream/index.ts";
import type { JsonLike } from "../../protocol/index.ts";

/** A query that cannot be read: 400 with this text. */
export class QueryError extends Error {
  override readonly name = "QueryError";
}

export type Query = ReadonlyMap<string, string>;

/** The first value of each name; what cannot be read is left out. Source: Go's `url.ParseQuery`. */
export function parseQuery(text: string): Query {
  const query = new Map<string, string>();
  for (const pair of text.split("&")) {
    if (pair === "" || pair.includes(";") || /%(?![0-9a-f]{2})/i.test(pair)) continue;
    const at = pair.indexOf("=");
    const name = decodePart(at < 0 ? pair : pair.slice(0, at));
    if (!query.has(name)) query.set(name, at < 0 ? "" : decodePart(pair.slice(at + 1)));
  }
  return query;
}

/** Go's `strconv.ParseBool`; absent is false. Source: `decodeBool`. */
export function queryBool(query: Query, name: string): boolean {
  const text = query.get(name) ?? "";
  if (text === "") return false;
  if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(text)) return false;
  const parsing = `strconv.ParseBool: parsing ${encodeGoQuote(text)}: invalid syntax`;
  throw new QueryError(`Error decoding boolean for '${name}': ${parsing}`);
}

const largest = { int: 2n ** 63n - 1n, uint64: 2n ** 64n - 1n } as const;

/** Absent is 0. Source: `decodeInt`, `decodeUint64`. */
export function queryInteger(query: Query, name: string, kind: "int" | "uint64" = "int"): number {
  const text = query.get(name) ?? "";
  if (text === "") return 0;
  const shape = kind === "int" ? /^[+-]?\d+$/ : /^\d+$/;
  const value = shape.test(text) ? BigInt(text.replace("+", "")) : null;
  const least = kind === "int" ? -(2n ** 63n) : 0n;
  if (value !== null && value >= least && value <= largest[kind]) return Number(value);
  const read = kind === "int" ? "Atoi" : "ParseUint";
  const why = value === null ? "invalid syntax" : "value out of range";
  const parsing = `strconv.${read}: parsing ${encodeGoQuote(text)}: ${why}`;
  throw new QueryError(`Error decoding ${kind} for '${name}': ${parsing}`);
}

/** What was read of the query, with all of its digits. */
export function exactInteger(query: Query, name: string, value: number): JsonLike {
  return Number.isSafeInteger(value) ? value : BigInt(query.get(name) ?? "0");
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
