/** Subject transforms: `orders.*` to `new.{{wildcard(1)}}`, and the other mapping functions. */
import { isSubsetOf, isValidLiteral } from "./subjects.ts";
import { encodeText } from "./text.ts";

export type TransformKind =
  | "literal"
  | "wildcard"
  | "partition"
  | "splitfromleft"
  | "splitfromright"
  | "slicefromleft"
  | "slicefromright"
  | "split"
  | "left"
  | "right"
  | "random";

/** One token of the destination: fixed text, or a function of source tokens (indexes from 0). */
export interface TransformPart {
  readonly kind: TransformKind;
  readonly text: string;
  readonly tokens: readonly number[];
  readonly number: number;
}

/** Plain data; made by {@link compileTransform}. */
export interface Transform {
  readonly source: string;
  readonly destination: string;
  readonly sourceTokens: readonly string[];
  readonly parts: readonly TransformPart[];
}

export interface TransformOptions {
  /** As imports want it: wildcard() only, and every `*` of the source used. */
  readonly strict?: boolean;
}

/** Why a destination is refused, in nats-server's words (`errors.go` `ErrMappingDestination…`). */
export class TransformError extends Error {
  override readonly name = "TransformError";
}

/**
 * An empty `source` stands for `>`. An empty `destination` gives null: no transform.
 * Throws {@link TransformError}. Source: nats-server `NewSubjectTransformWithStrict`.
 */
export function compileTransform(
  source: string,
  destination: string,
  options: TransformOptions = {},
): Transform | null {
  if (destination === "") return null;
  const from = source === "" ? ">" : source;
  const sourceInfo = tokenInfo(from);
  const target = tokenInfo(destination);
  const matched = sourceInfo !== null && target !== null && sourceInfo.arrow === target.arrow;
  if (!matched || target.stars.length > 0) throw new TransformError("invalid subject");
  const compile = sourceInfo.stars.length > 0 || sourceInfo.arrow ? wildcardPart : literalPart;
  const strict = options.strict === true;
  const parts = target.tokens.map((token) => compile(token, sourceInfo.stars, strict));
  if (strict) requireAllWildcards(destination, parts, sourceInfo.stars.length);
  return { source: from, destination, sourceTokens: sourceInfo.tokens, parts };
}

/**
 * What `subject` becomes, or null when the transform is not for it.
 * `randomBelow(n)` draws for `random(n)`. Source: nats-server `subjectTransform.Match`.
 */
export function applyTransform(
  transform: Transform,
  subject: string,
  randomBelow: (n: number) => number,
): string | null {
  const { source, destination } = transform;
  if (source === ">" && destination === ">") return subject;
  if (!isValidLiteral(subject)) return null;
  if (source !== ">" && !isSubsetOf(subject, source)) return null;
  return transformSubject(transform, subject, randomBelow);
}

/**
 * What `subject` becomes, of which the caller knows that the transform is for it. It may have
 * wildcards, as the subject of a request has that names a filter. Source: `TransformSubject`.
 */
export function transformSubject(
  { sourceTokens, parts }: Transform,
  subject: string,
  randomBelow: (n: number) => number,
): string {
  const tokens = subject.split(".");
  const made: string[] = [];
  for (const part of parts) {
    if (part.kind === "literal" && part.text === ">") {
      made.push(...tokens.slice(sourceTokens.length - 1));
    } else made.push(applyPart(part, tokens, randomBelow));
  }
  return made.join(".");
}

function applyPart(
  part: TransformPart,
  tokens: readonly string[],
  randomBelow: (n: number) => number,
): string {
  const token = tokens[part.tokens[0] ?? -1] ?? "";
  const n = part.number;
  switch (part.kind) {
    case "literal":
      return part.text;
    case "wildcard":
      return token;
    case "partition":
      return partition(part, tokens);
    case "random":
      return n <= 0 ? "0" : String(randomBelow(n));
    case "split":
      return token
        .split(part.text)
        .filter((piece) => piece !== "")
        .join(".");
    default:
      return n > 0 && n < token.length ? cut(part.kind, token, n) : token;
  }
}

/** The functions that leave a token alone when it is not longer than `n`. */
function cut(kind: TransformKind, token: string, n: number): string {
  const length = token.length;
  switch (kind) {
    case "splitfromleft":
      return `${token.slice(0, n)}.${token.slice(n)}`;
    case "splitfromright":
      return `${token.slice(0, length - n)}.${token.slice(length - n)}`;
    case "slicefromleft":
      return slices(token, 0, n);
    case "slicefromright":
      return slices(token, length % n, n);
    case "left":
      return token.slice(0, n);
    default:
      return token.slice(length - n);
  }
}

/** `token` in pieces of `n`, after a first piece of `lead` when that is not 0. */
function slices(token: string, lead: number, n: number): string {
  const pieces = lead > 0 ? [token.slice(0, lead)] : [];
  for (let at = lead; at < token.length; at += n) pieces.push(token.slice(at, at + n));
  return pieces.join(".");
}

/** FNV-1a, 32 bits, of the named tokens run together, or of the whole subject. */
function partition(part: TransformPart, tokens: readonly string[]): string {
  if (part.number === 0) return "0";
  const key =
    part.tokens.length === 0 ? tokens.join(".") : part.tokens.map((i) => tokens[i] ?? "").join("");
  let hash = 0x811c9dc5;
  for (const byte of encodeText(key)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return String((hash >>> 0) % (part.number >>> 0));
}

interface TokenInfo {
  readonly tokens: string[];
  /** Where the `*` tokens are. */
  readonly stars: number[];
  readonly arrow: boolean;
}

function tokenInfo(subject: string): TokenInfo | null {
  const tokens = subject.split(".");
  const stars: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? "";
    if (token === "" || (token === ">" && i < tokens.length - 1)) return null;
    if (token === "*") stars.push(i);
  }
  return { tokens, stars, arrow: tokens.at(-1) === ">" };
}

function wildcardPart(token: string, stars: readonly number[], strict: boolean): TransformPart {
  const call = readFunction(token);
  if (call.kind === "literal" || call.kind === "random") {
    if (strict && call.kind === "random") throw refusal(token, texts.notForImport);
    return call;
  }
  if (strict && call.kind !== "wildcard") throw refusal(token, texts.notForImport);
  const tokens = call.tokens.map((index) => {
    if (index > stars.length) throw refusal(`${token}: [${index}]`, texts.outOfRange);
    return stars[index - 1] ?? 0;
  });
  return { ...call, tokens };
}

function literalPart(token: string): TransformPart {
  const call = readFunction(token);
  if (call.kind === "literal" || call.kind === "random") return call;
  if (call.kind === "partition") return { ...call, tokens: [] };
  throw refusal(token, texts.outOfRange);
}

function requireAllWildcards(
  destination: string,
  parts: readonly TransformPart[],
  stars: number,
): void {
  let used = 0;
  for (const part of parts) used += part.kind === "literal" ? 0 : part.tokens.length;
  if (used < stars) throw refusal(destination, texts.notAllUsed);
}

const texts = {
  unknown: "unknown function",
  outOfRange: "wildcard index out of range",
  notEnough: "not enough arguments passed to the function",
  invalid: "function argument is invalid or in the wrong format",
  tooMany: "too many arguments passed to the function",
  notForImport: "the only mapping function allowed for import transforms is {{Wildcard()}}",
  notAllUsed: "not using all of the token wildcard(s)",
} as const;

function refusal(token: string, text: string): TransformError {
  return new TransformError(`invalid mapping destination: ${text} in ${token}`);
}

/** Only the first letters may be of either case. */
const functionShape = /^\{\{\s*([wWpPsSlLrR][a-z]+(?:[fF]rom[lLrR][a-z]+)?)\s*\((.*)\)\s*\}\}$/;
const functionNames: readonly string[] = [
  "wildcard",
  "partition",
  "splitfromleft",
  "splitfromright",
  "slicefromleft",
  "slicefromright",
  "split",
  "left",
  "right",
  "random",
];

/** One destination token. Source: nats-server `indexPlaceHolders`. */
function readFunction(token: string): TransformPart {
  const literal: TransformPart = { kind: "literal", text: token, tokens: [], number: -1 };
  if (token.length > 1 && token.startsWith("$")) {
    // Other things rely on tokens that begin with `$`: only a number makes it a wildcard.
    const index = readInteger(token.slice(1));
    return index === null ? literal : { kind: "wildcard", text: "", tokens: [index], number: -1 };
  }
  if (token.length <= 4 || !token.startsWith("{{") || !token.endsWith("}}")) return literal;
  const match = functionShape.exec(token);
  const name = (match?.[1] ?? "").toLowerCase();
  if (match === null || !functionNames.includes(name)) throw refusal(token, texts.unknown);
  return readCall(token, name as TransformKind, (match[2] ?? "").split(/,\s*/));
}

function readCall(token: string, kind: TransformKind, args: readonly string[]): TransformPart {
  const first = args[0] ?? "";
  const integer = (text: string): number => {
    const value = readInteger(text.trim());
    if (value === null || value > 0x7fffffff) throw refusal(token, texts.invalid);
    return value;
  };
  switch (kind) {
    case "wildcard":
      if (args.length === 1 && first === "") throw refusal(token, texts.notEnough);
      if (args.length > 1) throw refusal(token, texts.tooMany);
      return { kind, text: "", tokens: [integer(first)], number: -1 };
    case "partition":
      return { kind, text: "", number: integer(first), tokens: args.slice(1).map(integer) };
    case "random":
      if (args.length !== 1) throw refusal(token, texts.notEnough);
      return { kind, text: "", tokens: [], number: integer(first) };
    default:
  }
  if (args.length < 2) throw refusal(token, texts.notEnough);
  if (args.length > 2) throw refusal(token, texts.tooMany);
  const second = args[1] ?? "";
  if (kind !== "split") {
    return { kind, text: "", tokens: [integer(first)], number: integer(second) };
  }
  const index = integer(first);
  if (second.includes(" ") || second.includes(".")) throw refusal(token, texts.invalid);
  return { kind, text: second, tokens: [index], number: -1 };
}

/** Go's `strconv.Atoi` as far as a person would write it. */
function readInteger(text: string): number | null {
  return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : null;
}
