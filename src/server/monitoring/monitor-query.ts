/** The query of a monitoring request, read as nats-server reads it. */

/** A query that cannot be read: 400 with this text. */
export class QueryError extends Error {
  override readonly name = "QueryError";
}

export type Query = ReadonlyMap<string, string>;

/** The first value of each name. */
export function parseQuery(text: string): Query {
  const query = new Map<string, string>();
  for (const pair of text.split("&")) {
    if (pair === "") continue;
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
  const parsing = `strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw new QueryError(`Error decoding boolean for '${name}': ${parsing}`);
}

/** Absent is 0. Source: `decodeInt`, `decodeUint64`. */
export function queryInteger(query: Query, name: string, kind: "int" | "uint64" = "int"): number {
  const text = query.get(name) ?? "";
  if (text === "") return 0;
  const shape = kind === "int" ? /^[+-]?\d{1,15}$/ : /^\d{1,15}$/;
  if (shape.test(text)) return Number(text);
  const read = kind === "int" ? "Atoi" : "ParseUint";
  const parsing = `strconv.${read}: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw new QueryError(`Error decoding ${kind} for '${name}': ${parsing}`);
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
