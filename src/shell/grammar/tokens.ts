// Words of a command line as flags and arguments.
// Source of the rules: fisk v0.8.1 `ParseContext.Next`.

import type { FlagSpec } from "./define.ts";
import { isBoolean } from "./values.ts";

export interface Token {
  readonly kind: "long" | "short" | "arg" | "end";
  readonly text: string;
}

/** The words still to be read; short clusters are cut as they are met. */
export interface TokenStream {
  readonly words: string[];
  readonly peeked: Token[];
  /** A `--` was seen: all that follows is arguments. */
  argsOnly: boolean;
}

export const endToken: Token = { kind: "end", text: "" };

export function tokenStream(words: readonly string[]): TokenStream {
  return { words: [...words], peeked: [], argsOnly: false };
}

/** `--x` or `-x` as the person wrote it, for messages. */
export function tokenText(token: Token): string {
  if (token.kind === "long") return `--${token.text}`;
  return token.kind === "short" ? `-${token.text}` : token.text;
}

export function peekToken(
  stream: TokenStream,
  shortFlag: (letter: string) => FlagSpec | undefined,
): Token {
  const waiting = stream.peeked.at(-1);
  if (waiting) return waiting;
  const token = readToken(stream, shortFlag);
  stream.peeked.push(token);
  return token;
}

export function takeToken(
  stream: TokenStream,
  shortFlag: (letter: string) => FlagSpec | undefined,
): Token {
  const token = peekToken(stream, shortFlag);
  stream.peeked.pop();
  return token;
}

function readToken(
  stream: TokenStream,
  shortFlag: (letter: string) => FlagSpec | undefined,
): Token {
  const word = stream.words.shift();
  if (word === undefined) return endToken;
  if (stream.argsOnly) return { kind: "arg", text: word };
  if (word === "--") {
    stream.argsOnly = true;
    return readToken(stream, shortFlag);
  }
  // A lone dash is an empty argument: that is what the recorded `nats sub --dump -` shows.
  if (word === "-") return { kind: "arg", text: "" };
  if (word.startsWith("--")) return readLong(stream, word);
  if (word.startsWith("-")) return readShort(stream, word, shortFlag);
  return { kind: "arg", text: word };
}

function readLong(stream: TokenStream, word: string): Token {
  const at = word.indexOf("=");
  if (at < 0) return { kind: "long", text: word.slice(2) };
  stream.peeked.push({ kind: "arg", text: word.slice(at + 1) });
  return { kind: "long", text: word.slice(2, at) };
}

function readShort(
  stream: TokenStream,
  word: string,
  shortFlag: (letter: string) => FlagSpec | undefined,
): Token {
  const [, letter = ""] = [...word];
  const rest = word.slice(1 + letter.length);
  const flag = shortFlag(letter);
  if (rest !== "") {
    const takesValue = flag !== undefined && !isBoolean(flag.type);
    if (takesValue) stream.peeked.push({ kind: "arg", text: rest });
    else stream.words.unshift(`-${rest}`);
  }
  return { kind: "short", text: letter };
}
