// "Information for Stream …": labels to the right of a margin, values after a colon.
// Source of the layout: natscli v0.4.0 `columns.Writer`.

type Row =
  | { readonly kind: "row"; readonly label: string; readonly value: string }
  | { readonly kind: "title"; readonly text: string }
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "indent"; readonly width: number };

/** Rows under construction; made with {@link columns}. */
export interface Columns {
  readonly heading: string;
  readonly rows: Row[];
}

export function columns(heading: string): Columns {
  return { heading, rows: [] };
}

export function addRow(to: Columns, label: string, value: string): void {
  to.rows.push({ kind: "row", label, value });
}

export function addRowIf(to: Columns, label: string, value: string, condition: boolean): void {
  if (condition) addRow(to, label, value);
}

export function addSection(to: Columns, text: string): void {
  to.rows.push({ kind: "title", text });
}

/** A line of its own, or an empty one. */
export function addLine(to: Columns, text = ""): void {
  to.rows.push({ kind: "line", text });
}

/** Everything that follows stands `width` to the right. */
export function setIndent(to: Columns, width: number): void {
  to.rows.push({ kind: "indent", width });
}

const runeCount = (text: string): number => [...text].length;

export function renderColumns(from: Columns): string {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  const longest = Math.max(0, ...from.rows.map((r) => (r.kind === "row" ? bytes(r.label) : 0)));
  const out: string[] = from.heading === "" ? [] : [from.heading, ""];
  let indent = "";
  let before: Row["kind"] | null = null;
  let beforeEmpty = false;
  from.rows.forEach((row, i) => {
    if (row.kind === "indent") {
      indent = " ".repeat(row.width);
      return;
    }
    if (row.kind === "line" && before === "title" && row.text === "") return;
    if (row.kind === "title") {
      const afterText = i !== 0 && before !== "title" && before !== "line";
      if (afterText || (before === "line" && !beforeEmpty)) out.push("");
      out.push(`${indent}${row.text}${row.text.endsWith(":") ? "" : ":"}`, "");
    } else if (row.kind === "row") out.push(indent + columnRow(row.label, row.value, longest));
    else out.push(row.text === "" ? indent : `${indent} ${row.text}`);
    before = row.kind;
    beforeEmpty = row.kind === "line" && row.text === "";
  });
  return out.map((line) => `${line}\n`).join("");
}

function columnRow(label: string, value: string, longest: number): string {
  const gap = " ".repeat(Math.max(0, longest - runeCount(label) + 2));
  return label === "" ? `${gap}  ${value}` : `${gap}${label}: ${value}`;
}
