// JSON as Go's encoding/json writes it: fields in the order of the struct, `omitempty`, escapes.

/** One field of a Go struct: its wire name, whether an empty value is left out, what is in it. */
export interface Field {
  readonly name: string;
  readonly omitEmpty?: boolean;
  /** A value that stands for emptiness besides Go's own, such as an enum's first name. */
  readonly empty?: unknown;
  /** The value when it is absent from the object and not left out. */
  readonly zero?: unknown;
  readonly fields?: readonly Field[];
}

/** `source` with exactly `fields`, in their order, as Go would marshal the struct. */
export function goStruct(
  source: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const field of fields) {
    const value = source[field.name] ?? field.zero;
    if (field.omitEmpty && (isEmpty(value) || value === field.empty)) continue;
    if (value === undefined) continue;
    out[field.name] = field.fields ? nested(value, field.fields) : value;
  }
  return out;
}

function nested(value: unknown, fields: readonly Field[]): unknown {
  if (Array.isArray(value)) return value.map((item) => nested(item, fields));
  if (value === null || typeof value !== "object") return value;
  return goStruct(value as Record<string, unknown>, fields);
}

/** Go's emptiness: false, 0, "", nil, and lists or maps without entries. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  if (value === 0 || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** One line of JSON, `<`, `>` and `&` escaped as Go does. */
export function goJson(value: unknown): string {
  return escapeHtml(JSON.stringify(value));
}

/** JSON over several lines, two spaces a level. */
export function goJsonIndented(value: unknown): string {
  return escapeHtml(JSON.stringify(value, null, 2));
}

function escapeHtml(text: string): string {
  return text.replace(/[<>&\u2028\u2029]/g, (c) => {
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
