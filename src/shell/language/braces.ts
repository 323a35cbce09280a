/** `{a,b}` and `{1..5}`: one word becomes several, before anything else is expanded. */
import type { Part, Word } from "./syntax.ts";

/** A word taken apart: an unquoted character, or a part that is left whole. */
type Piece = string | Part;

/** No more words than this come out of one: `{1..1000000000}` must not take the memory. */
const wordsMax = 100_000;

/** The words that a word's braces stand for; the word itself when it has none. */
export function expandBraces(word: Word): readonly Word[] {
  if (!word.some((part) => part.kind === "text" && !part.quoted && part.text.includes("{"))) {
    return [word];
  }
  return alternatives(piecesOf(word)).slice(0, wordsMax).map(wordOf);
}

function piecesOf(word: Word): Piece[] {
  return word.flatMap((part): Piece[] =>
    part.kind === "text" && !part.quoted ? [...part.text] : [part],
  );
}

function wordOf(pieces: readonly Piece[]): Word {
  const word: Part[] = [];
  let plain = "";
  for (const piece of [...pieces, null]) {
    if (typeof piece === "string") {
      plain += piece;
      continue;
    }
    if (plain !== "") word.push({ kind: "text", text: plain, quoted: false });
    plain = "";
    if (piece !== null) word.push(piece);
  }
  return word;
}

function alternatives(pieces: readonly Piece[]): Piece[][] {
  for (let open = pieces.indexOf("{"); open !== -1; open = pieces.indexOf("{", open + 1)) {
    const close = closingBrace(pieces, open);
    const choices = close === -1 ? null : choicesOf(pieces.slice(open + 1, close));
    if (choices === null) continue;
    const before = pieces.slice(0, open);
    const after = alternatives(pieces.slice(close + 1));
    return choices.flatMap((choice) => after.map((tail) => [...before, ...choice, ...tail]));
  }
  return [[...pieces]];
}

function closingBrace(pieces: readonly Piece[], open: number): number {
  let depth = 0;
  for (let i = open; i < pieces.length; i += 1) {
    if (pieces[i] === "{") depth += 1;
    if (pieces[i] === "}") depth -= 1;
    if (depth === 0) return i;
  }
  return -1;
}

function choicesOf(inside: readonly Piece[]): Piece[][] | null {
  const items = splitAtCommas(inside);
  if (items.length > 1) return items.flatMap((item) => alternatives(item));
  return inside.every((piece) => typeof piece === "string") ? rangeOf(inside.join("")) : null;
}

function splitAtCommas(inside: readonly Piece[]): Piece[][] {
  const items: Piece[][] = [[]];
  let depth = 0;
  for (const piece of inside) {
    if (piece === "{") depth += 1;
    if (piece === "}") depth -= 1;
    if (piece === "," && depth === 0) items.push([]);
    else items.at(-1)?.push(piece);
  }
  return items;
}

function rangeOf(text: string): string[][] | null {
  const match = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(text);
  if (match === null) return null;
  const [, from = "", to = ""] = match;
  const numeric = /\d/.test(from);
  if (numeric !== /\d/.test(to)) return null;
  const first = numeric ? Number(from) : from.charCodeAt(0);
  const last = numeric ? Number(to) : to.charCodeAt(0);
  const step = Math.abs(Number(match[3] ?? 1)) || 1;
  const width = /^-?0\d/.test(from) || /^-?0\d/.test(to) ? Math.max(from.length, to.length) : 0;
  const out: string[][] = [];
  for (let i = 0; i * step <= Math.abs(last - first) && i < wordsMax; i += 1) {
    const value = first + (last < first ? -i * step : i * step);
    out.push([...(numeric ? padded(value, width) : String.fromCharCode(value))]);
  }
  return out;
}

function padded(value: number, width: number): string {
  const digits = String(Math.abs(value)).padStart(value < 0 ? width - 1 : width, "0");
  return value < 0 ? `-${digits}` : digits;
}
