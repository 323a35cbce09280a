/**
 * One line being typed. Pure: keys in, a new state out; the terminal draws it. History, search and
 * completion live here, outside the world; only Enter reaches the journal.
 */
export interface LineState {
  readonly text: string;
  readonly cursor: number;
  readonly history: readonly string[];
  /** Index into history; its length means the line being written. */
  readonly place: number;
  readonly draft: string;
  readonly killed: string;
  readonly search: string | null;
}

export type LineEffect =
  | { readonly kind: "none" }
  | { readonly kind: "submit"; readonly line: string }
  | { readonly kind: "complete" }
  | { readonly kind: "interrupt" }
  | { readonly kind: "end" }
  | { readonly kind: "clear" };

const none: LineEffect = { kind: "none" };

export function createLine(history: readonly string[] = []): LineState {
  return {
    text: "",
    cursor: 0,
    history,
    place: history.length,
    draft: "",
    killed: "",
    search: null,
  };
}

/** Takes one key as a terminal sends it: a character, a control code or an escape sequence. */
export function pressKey(line: LineState, key: string): [LineState, LineEffect] {
  if (line.search !== null) return searchKey(line, key);
  const bound = bindings[key];
  if (bound !== undefined) return bound(line);
  if (key.startsWith("\x1b") || (key.length === 1 && key < " ")) return [line, none];
  return [insertText(line, key), none];
}

export function insertText(line: LineState, text: string): LineState {
  const next = line.text.slice(0, line.cursor) + text + line.text.slice(line.cursor);
  return { ...line, text: next, cursor: line.cursor + text.length };
}

export function replaceText(line: LineState, text: string, cursor = text.length): LineState {
  return { ...line, text, cursor };
}

/** The newest line of history that holds what is searched for; empty when there is none. */
export function searchHit(line: LineState): string {
  const wanted = line.search ?? "";
  if (wanted === "") return "";
  for (let i = Math.min(line.place, line.history.length) - 1; i >= 0; i -= 1) {
    const candidate = line.history[i] as string;
    if (candidate.includes(wanted)) return candidate;
  }
  return "";
}

/** The rest of the newest history line that begins like this one. */
export function historyGhost(line: LineState): string {
  if (line.text === "" || line.cursor < line.text.length) return "";
  for (let i = line.history.length - 1; i >= 0; i -= 1) {
    const candidate = line.history[i] as string;
    if (candidate.startsWith(line.text)) return candidate.slice(line.text.length);
  }
  return "";
}

type Binding = (line: LineState) => [LineState, LineEffect];

const quiet =
  (change: (line: LineState) => LineState): Binding =>
  (line) => [change(line), none];
const effect =
  (kind: Exclude<LineEffect["kind"], "submit">): Binding =>
  (line) => [line, { kind }];
const go = (to: (line: LineState) => number) =>
  quiet((line) => ({ ...line, cursor: Math.max(0, Math.min(line.text.length, to(line))) }));

const left = go((line) => line.cursor - 1);
const home = go(() => 0);
const end = go((line) => line.text.length);
const wordLeft = go((line) => wordStart(line));
const wordRight = go((line) => wordEnd(line));

/** To the right; at the end of the line the ghost is taken. */
const right = quiet((line) =>
  line.cursor < line.text.length
    ? { ...line, cursor: line.cursor + 1 }
    : insertText(line, historyGhost(line)),
);

const bindings: Record<string, Binding> = {
  "\r": submit,
  "\n": submit,
  "\t": effect("complete"),
  "\x03": effect("interrupt"),
  "\x04": (line) => (line.text === "" ? [line, { kind: "end" }] : [cut(line, 0, 1), none]),
  "\x0c": effect("clear"),
  "\x7f": quiet((line) => cut(line, -1, 0)),
  "\b": quiet((line) => cut(line, -1, 0)),
  "\x1b[3~": quiet((line) => cut(line, 0, 1)),
  "\x1b[D": left,
  "\x02": left,
  "\x1b[C": right,
  "\x06": right,
  "\x1b[H": home,
  "\x1bOH": home,
  "\x01": home,
  "\x1b[F": end,
  "\x1bOF": end,
  "\x05": end,
  "\x1b[1;5D": wordLeft,
  "\x1bb": wordLeft,
  "\x1b[1;5C": wordRight,
  "\x1bf": wordRight,
  "\x1b[A": quiet((line) => recall(line, -1)),
  "\x10": quiet((line) => recall(line, -1)),
  "\x1b[B": quiet((line) => recall(line, 1)),
  "\x0e": quiet((line) => recall(line, 1)),
  "\x0b": quiet((line) => kill(line, line.cursor, line.text.length)),
  "\x15": quiet((line) => kill(line, 0, line.cursor)),
  "\x17": quiet((line) => kill(line, wordStart(line), line.cursor)),
  "\x1bd": quiet((line) => kill(line, line.cursor, wordEnd(line))),
  "\x19": quiet((line) => insertText(line, line.killed)),
  "\x12": quiet((line) => ({ ...line, search: "", place: line.history.length })),
};

function submit(line: LineState): [LineState, LineEffect] {
  const text = line.text;
  const last = line.history[line.history.length - 1];
  const keep = text.trim() !== "" && text !== last;
  const history = keep ? [...line.history, text] : line.history;
  return [
    { ...createLine(history), killed: line.killed },
    { kind: "submit", line: text },
  ];
}

function cut(line: LineState, from: number, to: number): LineState {
  const start = Math.max(0, line.cursor + from);
  const stop = Math.min(line.text.length, line.cursor + to);
  return { ...line, text: line.text.slice(0, start) + line.text.slice(stop), cursor: start };
}

function kill(line: LineState, from: number, to: number): LineState {
  const killed = line.text.slice(from, to);
  return { ...line, killed, text: line.text.slice(0, from) + line.text.slice(to), cursor: from };
}

function recall(line: LineState, by: number): LineState {
  const place = line.place + by;
  if (place < 0 || place > line.history.length) return line;
  const draft = line.place === line.history.length ? line.text : line.draft;
  const text = place === line.history.length ? draft : (line.history[place] as string);
  return { ...line, place, draft, text, cursor: text.length };
}

function wordStart(line: LineState): number {
  let i = line.cursor;
  while (i > 0 && line.text[i - 1] === " ") i -= 1;
  while (i > 0 && line.text[i - 1] !== " ") i -= 1;
  return i;
}

function wordEnd(line: LineState): number {
  let i = line.cursor;
  while (i < line.text.length && line.text[i] === " ") i += 1;
  while (i < line.text.length && line.text[i] !== " ") i += 1;
  return i;
}

function searchKey(line: LineState, key: string): [LineState, LineEffect] {
  const hit = searchHit(line);
  const stop = { ...line, search: null, place: line.history.length };
  if (key === "\x12") {
    const older = line.history.lastIndexOf(hit, line.place - 1);
    return [{ ...line, place: older < 0 ? line.place : older }, none];
  }
  if (key === "\x03" || key === "\x07" || key === "\x1b") return [stop, none];
  if (key === "\x7f") return [{ ...line, search: (line.search ?? "").slice(0, -1) }, none];
  if (key >= " " && !key.startsWith("\x1b") && key !== "\x7f") {
    return [{ ...line, search: (line.search ?? "") + key, place: line.history.length }, none];
  }
  const taken = hit === "" ? stop : { ...stop, text: hit, cursor: hit.length };
  return key === "\r" ? submit(taken) : [taken, none];
}
