/** Text between quotes as Go's `%q` writes it: in answers to clients, and in the log. */
import { decodeText, encodeText, runeBytes } from "./text.ts";

const named: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};
/** What Go's `unicode.IsPrint` takes for visible. */
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** Source: Go `strconv.Quote`. */
export function quoteGo(text: string): string {
  return quoteBytes(encodeText(text));
}

/** The same for bytes: what is no UTF-8 is written byte for byte. */
export function quoteBytes(bytes: Uint8Array): string {
  let quoted = "";
  for (let at = 0; at < bytes.length; ) {
    const length = runeBytes(bytes, at);
    const rune = length === 0 ? null : decodeText(bytes, at, at + length);
    quoted += rune === null ? hex("x", bytes[at] ?? 0, 2) : quoteRune(rune);
    at += Math.max(length, 1);
  }
  return `"${quoted}"`;
}

function quoteRune(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (Object.hasOwn(named, char)) return named[char] ?? "";
  if (printable.test(char)) return char;
  if (code < 0x20 || code === 0x7f) return hex("x", code, 2);
  return code > 0xffff ? hex("U", code, 8) : hex("u", code, 4);
}

function hex(letter: string, code: number, digits: number): string {
  return `\\${letter}${code.toString(16).padStart(digits, "0")}`;
}
