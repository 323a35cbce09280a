// Differences of two configurations as the real command line shows them.
// Source of the layout: go-cmp's report of two structs, as in stream.jsonl steps 37 to 49.

import { goDuration } from "./durations.ts";
import { goTimeText, timeOf } from "./times.ts";

export type GoKind =
  | "text"
  | "number"
  | "bool"
  | "duration"
  | "durations"
  | "time"
  | "named" // an enum, shown by its title
  | "strings" // compared without order
  | "map"
  | "struct" // shown by the fields that are set
  | "pointer"; // to a struct, else nil

/** One field of a Go struct and where its value stands on the wire. */
export interface DiffField {
  readonly name: string;
  readonly wire: string;
  readonly kind: GoKind;
  /** The Go type behind a pointer. */
  readonly type?: string;
  /** Title of an enum's value. */
  readonly title?: (value: string) => string;
}

/** A field that is shown as its value stands there. */
export const fieldOf = (name: string, wire: string, kind: GoKind): DiffField => ({
  name,
  wire,
  kind,
});

type Struct = Readonly<Record<string, unknown>>;

/** How many equal fields are shown around a difference. */
const contextFields = 2;

/** The report, or "" when nothing differs. */
export function goDiff(
  type: string,
  fields: readonly DiffField[],
  { before, after }: { readonly before: Struct; readonly after: Struct },
): string {
  const rows = fields.map((field) => fieldRows(field, before[field.wire], after[field.wire]));
  if (rows.every((row) => row.isEqual)) return "";
  const lines = [`  ${type}{`];
  let at = 0;
  while (at < rows.length) {
    const end = endOfRun(rows, at);
    const run = rows.slice(at, end);
    if (!run[0]?.isEqual) lines.push(...aligned(run));
    else lines.push(...equalRun(run, { isFirst: at === 0, isLast: end === rows.length }));
    at = end;
  }
  return `${[...lines, "  }"].join("\n")}\n`;
}

interface FieldRows {
  readonly isEqual: boolean;
  /** Lines without alignment: mark, name and the rest. */
  readonly lines: readonly {
    readonly mark: string;
    readonly name: string;
    readonly text: string;
  }[];
}

function endOfRun(rows: readonly FieldRows[], from: number): number {
  let end = from;
  while (end < rows.length && rows[end]?.isEqual === rows[from]?.isEqual) end += 1;
  return end;
}

function equalRun(
  run: readonly FieldRows[],
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
): string[] {
  const head = isFirst ? 0 : contextFields;
  const tail = isLast ? 0 : contextFields;
  const hidden = run.length - head - tail;
  // One hidden field takes as much room as saying so.
  if (hidden <= 1) return aligned(run);
  const note = `  \t... // ${hidden} identical fields`;
  return [...aligned(run.slice(0, head)), note, ...aligned(run.slice(run.length - tail))];
}

function aligned(rows: readonly FieldRows[]): string[] {
  const all = rows.flatMap((row) => row.lines);
  const width = Math.max(0, ...all.map(({ name }) => name.length));
  return all.map(({ mark, name, text }) => {
    return name === "" ? `${mark}${text}` : `${mark}\t${`${name}:`.padEnd(width + 1)} ${text},`;
  });
}

function fieldRows(field: DiffField, before: unknown, after: unknown): FieldRows {
  const old = goValue(field, before);
  const next = goValue(field, after);
  if (old === next) {
    return { isEqual: true, lines: [{ mark: "  ", name: field.name, text: old }] };
  }
  if (field.kind === "strings") return listRows(field, asList(before), asList(after));
  return {
    isEqual: false,
    lines: [
      { mark: "- ", name: field.name, text: old },
      { mark: "+ ", name: field.name, text: next },
    ],
  };
}

/** Lists that share an entry are shown entry by entry, others one against the other. */
function listRows(field: DiffField, before: string[], after: string[]): FieldRows {
  const inOrder = [...new Set([...before, ...after])].sort(byCodeUnit);
  const isShared = inOrder.some((item) => before.includes(item) && after.includes(item));
  const wrapped = (list: string[]) => `[]string(${sortedList(list)})`;
  if (!isShared) {
    return {
      isEqual: false,
      lines: [
        { mark: "- ", name: field.name, text: wrapped(before) },
        { mark: "+ ", name: field.name, text: wrapped(after) },
      ],
    };
  }
  const entries = inOrder.map((item) => {
    const mark = !after.includes(item) ? "- " : before.includes(item) ? "  " : "+ ";
    return { mark, name: "", text: `\t\t${JSON.stringify(item)},` };
  });
  const open = { mark: "  ", name: "", text: `\t${field.name}: []string(Inverse(Sort, []string{` };
  return { isEqual: false, lines: [open, ...entries, { mark: "  ", name: "", text: "\t}))," }] };
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function asList(value: unknown): string[] {
  return Array.isArray(value) ? [...(value as string[])].sort(byCodeUnit) : [];
}

function sortedList(list: readonly string[]): string {
  if (list.length === 0) return "Inverse(Sort, []string(nil))";
  return `Inverse(Sort, []string{${list.map((item) => JSON.stringify(item)).join(", ")}})`;
}

function goValue(field: DiffField, value: unknown): string {
  switch (field.kind) {
    case "text":
      return JSON.stringify(value ?? "");
    case "number":
      return String(value ?? 0);
    case "bool":
      return String(value ?? false);
    case "duration":
      return `s"${goDuration(Number(value ?? 0))}"`;
    case "durations":
      return durationList(value);
    case "time":
      return `s"${goTimeText(timeOf(typeof value === "string" ? value : undefined))}"`;
    case "named":
      return `s"${field.title?.(String(value ?? "")) ?? String(value)}"`;
    case "strings":
      return sortedList(asList(value));
    case "map":
      return mapText(value);
    case "struct":
      return structText(field.type ?? "", value ?? {});
    case "pointer":
      return value === undefined || value === null
        ? "nil"
        : `&${structText(field.type ?? "", value)}`;
  }
}

function durationList(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return "nil";
  return `[]time.Duration{${value.map((n) => `s"${goDuration(Number(n))}"`).join(", ")}}`;
}

function mapText(value: unknown): string {
  if (value === undefined || value === null) return "nil";
  const entries = Object.entries(value as Record<string, string>).sort(([a], [b]) =>
    byCodeUnit(a, b),
  );
  const pairs = entries.map(([key, text]) => `${JSON.stringify(key)}: ${JSON.stringify(text)}`);
  return `map[string]string{${pairs.join(", ")}}`;
}

/** `api.Placement{Cluster: "C1"}`: fields in Go's spelling of their wire names. */
function structText(type: string, value: unknown): string {
  const parts = Object.entries(value as Record<string, unknown>)
    .filter(([, part]) => part !== "" && part !== 0 && part !== false && part !== null)
    .map(([name, part]) => `${goName(name)}: ${JSON.stringify(part)}`);
  return `${type}{${parts.join(", ")}}`;
}

const goNames: Readonly<Record<string, string>> = { src: "Source", dest: "Destination" };

function goName(wire: string): string {
  const spelled = goNames[wire];
  if (spelled !== undefined) return spelled;
  return wire.replaceAll(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}
