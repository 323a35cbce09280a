/**
 * What a terminal would show: a small emulator of the control sequences that programs here use.
 * Colours are dropped; the text, the cursor and what has scrolled off are kept.
 */

export interface Screen {
  readonly cols: number;
  readonly rows: number;
  /** Everything shown since the beginning; the last `rows` lines are the screen itself. */
  readonly lines: string[][];
  /** Index into `lines`. */
  row: number;
  col: number;
  /** The last column is full: the next character begins a new line. */
  wrapPending: boolean;
  saved: { row: number; col: number };
  /** An escape sequence that is not whole yet. */
  held: string;
  /** What the terminal answers to the program (where the cursor is). */
  readonly answers: string[];
}

export function createScreen(cols: number, rows: number): Screen {
  return {
    cols,
    rows,
    lines: [[]],
    row: 0,
    col: 0,
    wrapPending: false,
    saved: { row: 0, col: 0 },
    held: "",
    answers: [],
  };
}

/** Lines with trailing blanks trimmed, empty ones at the end left out. */
export function screenLines(screen: Screen): string[] {
  const lines = screen.lines.map((line) =>
    Array.from(line, (c) => c ?? " ")
      .join("")
      .trimEnd(),
  );
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

const escapeCharacter = "\u001b";
const bell = "\u0007";
// ESC [ parameters letter; ESC ] title BEL; ESC letter.
const sequence = new RegExp(
  `${escapeCharacter}(?:\\[([?>=]?[\\d;]*)([@-~])` +
    `|\\][^${bell}${escapeCharacter}]*(?:${bell}|${escapeCharacter}\\\\)` +
    `|([^[\\]]))`,
  "y",
);

/** Draws what a program wrote. */
export function feedScreen(screen: Screen, text: string): void {
  const input = screen.held + text;
  screen.held = "";
  for (let at = 0; at < input.length; ) {
    if (input[at] !== escapeCharacter) {
      const c = String.fromCodePoint(input.codePointAt(at) ?? 0);
      drawCharacter(screen, c);
      at += c.length;
      continue;
    }
    sequence.lastIndex = at;
    const match = sequence.exec(input);
    if (match === null) {
      screen.held = input.slice(at);
      return;
    }
    at = sequence.lastIndex;
    if (match[2] !== undefined) control(screen, match[1] ?? "", match[2]);
    else if (match[3] !== undefined) plainEscape(screen, match[3]);
  }
}

function drawCharacter(screen: Screen, c: string): void {
  switch (c) {
    case "\n":
      lineFeed(screen);
      break;
    case "\r":
      moveTo(screen, screen.row, 0);
      break;
    case "\b":
      moveTo(screen, screen.row, screen.col - 1);
      break;
    case "\t":
      moveTo(screen, screen.row, Math.min(screen.cols - 1, (Math.floor(screen.col / 8) + 1) * 8));
      break;
    default:
      if (c >= " " && c !== "\u007f") put(screen, c);
  }
}

function put(screen: Screen, c: string): void {
  if (screen.wrapPending) {
    screen.col = 0;
    lineFeed(screen);
  }
  const line = lineAt(screen, screen.row);
  while (line.length < screen.col) line.push(" ");
  line[screen.col] = c;
  screen.wrapPending = screen.col === screen.cols - 1;
  if (!screen.wrapPending) screen.col += 1;
}

function lineFeed(screen: Screen): void {
  screen.row += 1;
  screen.wrapPending = false;
  lineAt(screen, screen.row);
}

function lineAt(screen: Screen, row: number): string[] {
  while (screen.lines.length <= row) screen.lines.push([]);
  return screen.lines[row] as string[];
}

/** First line of the screen proper. */
function top(screen: Screen): number {
  return Math.max(0, screen.lines.length - screen.rows);
}

function moveTo(screen: Screen, row: number, col: number): void {
  const first = top(screen);
  screen.row = Math.min(Math.max(row, first), first + screen.rows - 1);
  screen.col = Math.min(Math.max(col, 0), screen.cols - 1);
  screen.wrapPending = false;
  lineAt(screen, screen.row);
}

function control(screen: Screen, parameters: string, letter: string): void {
  const numbers = parameters.split(";").map((text) => Number(text) || 0);
  const [first = 0, second = 0] = numbers;
  const step = Math.max(1, first);
  switch (letter) {
    case "A":
      return moveTo(screen, screen.row - step, screen.col);
    case "B":
      return moveTo(screen, screen.row + step, screen.col);
    case "C":
      return moveTo(screen, screen.row, screen.col + step);
    case "D":
      return moveTo(screen, screen.row, screen.col - step);
    case "E":
      return moveTo(screen, screen.row + step, 0);
    case "F":
      return moveTo(screen, screen.row - step, 0);
    case "G":
      return moveTo(screen, screen.row, step - 1);
    case "H":
    case "f":
      return moveTo(screen, top(screen) + step - 1, Math.max(1, second) - 1);
    case "J":
      return eraseDisplay(screen, first);
    case "K":
      return eraseLine(screen, first);
    case "n":
      if (first === 6) answerPosition(screen);
      return undefined;
    case "s":
      return save(screen);
    case "u":
      return restore(screen);
    default:
      return undefined; // Colours and modes change nothing that is kept here.
  }
}

function plainEscape(screen: Screen, letter: string): void {
  if (letter === "7") save(screen);
  else if (letter === "8") restore(screen);
}

function save(screen: Screen): void {
  screen.saved = { row: screen.row, col: screen.col };
}

function restore(screen: Screen): void {
  moveTo(screen, screen.saved.row, screen.saved.col);
}

function answerPosition(screen: Screen): void {
  const row = screen.row - top(screen) + 1;
  screen.answers.push(`\u001b[${row};${screen.col + 1}R`);
}

/** 0: from the cursor on. 1: up to the cursor. 2: all of the screen. 3: what scrolled off. */
function eraseDisplay(screen: Screen, what: number): void {
  const first = top(screen);
  if (what === 3) {
    screen.lines.splice(0, first);
    screen.row -= first;
    return;
  }
  if (what === 0) {
    eraseLine(screen, 0);
    for (let row = screen.row + 1; row < screen.lines.length; row += 1)
      lineAt(screen, row).length = 0;
    return;
  }
  const last = what === 1 ? screen.row - 1 : screen.lines.length - 1;
  for (let row = first; row <= last; row += 1) lineAt(screen, row).length = 0;
  if (what === 1) eraseLine(screen, 1);
}

function eraseLine(screen: Screen, what: number): void {
  const line = lineAt(screen, screen.row);
  if (what === 0) line.length = Math.min(line.length, screen.col);
  else if (what === 1) line.fill(" ", 0, screen.col + 1);
  else line.length = 0;
}
