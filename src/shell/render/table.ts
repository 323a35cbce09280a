// Boxed tables with rounded corners, a centred title row, and on a terminal a right edge.
// Source of the layout: go-pretty v6.7.10 `table`, as natscli v0.4.0 sets it up.

/** A text; a number; or a number with a text of its own, such as a duration. */
export type Cell = string | number | { readonly number: number; readonly text: string };

export interface Table {
  readonly title: string;
  readonly headers?: readonly string[];
  /** A null row draws a line across. */
  readonly rows: readonly (readonly Cell[] | null)[];
  readonly footer?: readonly Cell[];
}

/** What is drawn in place of the part that does not fit. */
const cutMark = " ≈";

/** The table, ending in a newline; lines wider than `widthMax` (null: never) are cut. */
export function renderTable(table: Table, widthMax: number | null): string {
  const layout = measure(table);
  const lines: string[] = [];
  const draw = (line: string) => lines.push(cut(line, widthMax));
  drawTitle(lines, table.title, Math.min(layout.rowWidth, widthMax ?? layout.rowWidth));
  draw(rule(layout, table.title === "" ? "╭┬╮" : "├┬┤"));
  if (table.headers) {
    drawRow(draw, layout, table.headers);
    draw(rule(layout, "├┼┤"));
  }
  for (const row of table.rows) {
    if (row) drawRow(draw, layout, row);
    else draw(rule(layout, "├┼┤"));
  }
  if (table.footer) {
    if (table.rows.length > 0) draw(rule(layout, "├┼┤"));
    drawRow(draw, layout, table.footer);
  }
  draw(rule(layout, "╰┴╯"));
  return `${lines.join("\n")}\n`;
}

interface Layout {
  readonly widths: readonly number[];
  /** Columns in which every cell is a number stand to the right. */
  readonly numeric: readonly boolean[];
  readonly rowWidth: number;
}

const textWidth = (text: string): number => [...text].length;

function measure(table: Table): Layout {
  const rows = table.rows.filter((row) => row !== null);
  const all = [table.headers ?? [], ...rows, table.footer ?? []];
  const columns = Math.max(0, ...all.map((row) => row.length));
  const widths: number[] = [];
  const numeric: boolean[] = [];
  for (let i = 0; i < columns; i += 1) {
    widths.push(Math.max(0, ...all.map((row) => cellWidth(row[i]))));
    numeric.push(rows.every((row) => typeof row[i] !== "string"));
  }
  const rowWidth = widths.reduce((sum, width) => sum + width + 3, 1);
  return { widths, numeric, rowWidth };
}

function cellWidth(cell: Cell | undefined): number {
  if (cell === undefined) return 0;
  return Math.max(...cellText(cell).split("\n").map(textWidth));
}

function cellText(cell: Cell): string {
  return typeof cell === "object" ? cell.text : String(cell);
}

function cut(line: string, widthMax: number | null): string {
  const runes = [...line];
  if (widthMax === null || runes.length <= widthMax) return line;
  return `${runes.slice(0, Math.max(0, widthMax - cutMark.length)).join("")}${cutMark}`;
}

function rule({ widths }: Layout, corners: string): string {
  const [left, middle, right] = [...corners];
  return `${left}${widths.map((width) => "─".repeat(width + 2)).join(middle)}${right}`;
}

function drawTitle(lines: string[], title: string, width: number): void {
  if (title === "") return;
  const room = width - 4;
  lines.push(`╭${"─".repeat(width - 2)}╮`);
  const runes = [...title];
  for (let at = 0; at < runes.length; at += room) {
    const text = runes
      .slice(at, at + room)
      .join("")
      .trim();
    const gap = room - textWidth(text);
    const after = Math.floor(gap / 2);
    lines.push(`│ ${" ".repeat(gap - after)}${text}${" ".repeat(after)} │`);
  }
}

function drawRow(
  draw: (line: string) => void,
  { widths, numeric }: Layout,
  row: readonly Cell[],
): void {
  const cells = widths.map((_, i) => cellText(row[i] ?? "").split("\n"));
  const height = Math.max(...cells.map((lines) => lines.length));
  for (let line = 0; line < height; line += 1) {
    const texts = cells.map((lines, i) => {
      const text = lines[line] ?? "";
      const gap = " ".repeat((widths[i] ?? 0) - textWidth(text));
      return numeric[i] ? ` ${gap}${text} ` : ` ${text}${gap} `;
    });
    draw(`│${texts.join("│")}│`);
  }
}
