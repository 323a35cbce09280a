/** One input after its time: `LINE`, `@t2 LINE`, `@t2 key "\r"`, `@t2 signal INT`, and their like. */
import type { JournalKind } from "../kernel/index.ts";
import { defaultTty, ScenarioError } from "./scenario-file.ts";

/** An input as written; `until` is the end word when its text follows as a here-document. */
export interface Input {
  readonly tty: string;
  readonly kind: JournalKind;
  readonly text: string;
  readonly until: string | null;
}

const ttyName = /^@([A-Za-z0-9_-]+)$/;
const hereDocument = /^<<([A-Za-z_]\w*)$/;
const verbs = ["line", "key", "signal", "resize", "outside"] as const;
// What a line of a file cannot carry, or an editor would not show: control characters, lone halves
// of surrogate pairs, and the line ends that only JavaScript knows.
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/** Throws ScenarioError. */
export function parseInput(line: number, text: string): Input {
  if (text === "") throw new ScenarioError(line, "after the time comes the line that is typed");
  const [first, rest] = splitWord(text);
  const named = ttyName.exec(first);
  if (named === null) {
    if (first.startsWith("@")) {
      throw new ScenarioError(line, `"${first}" is no terminal; name it as in @t2`);
    }
    return plain(defaultTty, text);
  }
  const tty = named[1] as string;
  if (rest === "") throw new ScenarioError(line, `after ${first} comes what is typed there`);
  const [verb, value] = splitWord(rest);
  switch (verb) {
    case "line":
      // Without the quotes it is a command of that name.
      return value.startsWith('"')
        ? { tty, kind: "line", text: quoted(line, verb, value), until: null }
        : plain(tty, rest);
    case "key":
    case "outside":
      return { tty, kind: verb, text: quoted(line, verb, value), until: null };
    case "signal":
      if (/^[A-Z][A-Z0-9]*$/.test(value)) return { tty, kind: verb, text: value, until: null };
      throw new ScenarioError(line, 'name the signal in capitals, as in "signal INT"');
    case "resize":
      if (/^\d{1,4}x\d{1,4}$/.test(value)) return { tty, kind: verb, text: value, until: null };
      throw new ScenarioError(line, 'give columns and rows, as in "resize 80x24"');
    default:
      return plain(tty, rest);
  }
}

/** The text after the time; a text of several lines ends with its end word on a line of its own. */
export function formatInput(tty: string, kind: JournalKind, text: string): string {
  if (kind === "signal" || kind === "resize") return `@${tty} ${kind} ${text}`;
  if (kind !== "line") return `@${tty} ${kind} ${quote(text)}`;
  if (isHereDocument(text)) {
    const end = endWord(text);
    return `${tty === defaultTty ? "" : `@${tty} `}<<${end}\n${text}\n${end}`;
  }
  if (!isPlain(tty, text)) return `@${tty} line ${quote(text)}`;
  return tty === defaultTty ? text : `@${tty} ${text}`;
}

/** JSON, which escapes control characters. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(/[\p{Cc}\u2028\u2029]/gu, escapeCharacter);
}

/** A word that is no line of the text. */
export function endWord(text: string): string {
  const lines = new Set(text.split("\n"));
  let word = "END";
  for (let i = 2; lines.has(word); i++) word = `END${i}`;
  return word;
}

/** True for text that lines of a file can carry as they are. */
export function isPrintable(text: string): boolean {
  return !unprintable.test(text);
}

function plain(tty: string, text: string): Input {
  const until = hereDocument.exec(text)?.[1] ?? null;
  return { tty, kind: "line", text: until === null ? text : "", until };
}

function quoted(line: number, verb: string, value: string): string {
  try {
    const text: unknown = JSON.parse(value);
    if (typeof text === "string") return text;
  } catch {
    // Falls through to the one message for both.
  }
  throw new ScenarioError(line, `"${verb}" wants a quoted text, as in ${verb} "\\r"`);
}

function splitWord(text: string): [word: string, rest: string] {
  const m = /^(\S+)\s*(.*)$/s.exec(text);
  return m === null ? ["", ""] : [m[1] as string, m[2] as string];
}

function isHereDocument(text: string): boolean {
  return text.includes("\n") && text.split("\n").every(isPrintable);
}

function isPlain(tty: string, text: string): boolean {
  if (text === "" || text !== text.trim() || !isPrintable(text)) return false;
  const [word] = splitWord(text);
  if (hereDocument.test(text) || word.startsWith("@")) return false;
  return tty === defaultTty || !verbs.some((verb) => verb === word);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
