/** Reads `< > >> 2>&1 &>`, here-documents and here-strings. */
import {
  fail,
  failIncomplete,
  type PendingHere,
  peek,
  type Scanner,
  skipBlanks,
} from "./scanner.ts";
import type { Redirect, Word } from "./syntax.ts";
import { type Operator, peekOperator, textPart } from "./tokens.ts";
import { scanHereBody, scanWord } from "./words.ts";

/** Redirects that follow `done`, `fi`, `}` or `)`. */
export function parseRedirects(scanner: Scanner): Redirect[] {
  const redirects: Redirect[] = [];
  do skipBlanks(scanner);
  while (takeRedirect(scanner, redirects));
  return redirects;
}

/** Takes one redirect, with its descriptor, onto `out`; false when none stands here. */
export function takeRedirect(scanner: Scanner, out: Redirect[]): boolean {
  const digits = /^\d+(?=[<>])/.exec(scanner.text.slice(scanner.at, scanner.at + 4))?.[0] ?? "";
  const start = scanner.at;
  scanner.at += digits.length;
  const operator = peekOperator(scanner);
  const kind = operator === null ? undefined : redirectKinds[operator];
  if (operator === null || kind === undefined) {
    scanner.at = start;
    return false;
  }
  scanner.at += operator.length;
  const fd = digits === "" ? kind.fd : Number(digits);
  if (operator === "<<" || operator === "<<-") {
    out.push(announceHere(scanner, fd, operator === "<<-"));
    return true;
  }
  skipBlanks(scanner);
  const before = scanner.at;
  const target = scanWord(scanner);
  if (scanner.at === before) failIncomplete(scanner, `'${operator}' needs a file or a descriptor`);
  if (operator === "<<<") out.push({ fd, op: "here", target: [...target, textPart("\n", true)] });
  else out.push(toRedirect(fd, kind.op, target, digits));
  return true;
}

const redirectKinds: Partial<Record<Operator, { fd: number; op: Redirect["op"] }>> = {
  "<": { fd: 0, op: "read" },
  ">": { fd: 1, op: "write" },
  ">|": { fd: 1, op: "write" },
  ">>": { fd: 1, op: "append" },
  "&>": { fd: 1, op: "both" },
  "&>>": { fd: 1, op: "both-append" },
  ">&": { fd: 1, op: "dup" },
  "<&": { fd: 0, op: "dup" },
  "<<": { fd: 0, op: "here" },
  "<<-": { fd: 0, op: "here" },
  "<<<": { fd: 0, op: "here" },
};

/** `>& file` is the old spelling of `&> file`. */
function toRedirect(fd: number, op: Redirect["op"], target: Word, digits: string): Redirect {
  const [only] = target;
  const isDescriptor = only?.kind !== "text" || /^(\d+|-)$/.test(only.text);
  if (op === "dup" && fd === 1 && digits === "" && !isDescriptor) return { fd, op: "both", target };
  return { fd, op, target };
}

function announceHere(scanner: Scanner, fd: number, stripTabs: boolean): Redirect {
  skipBlanks(scanner);
  const start = scanner.at;
  const word = scanWord(scanner);
  if (scanner.at === start) fail(scanner, "'<<' needs a word that ends the document");
  const texts = word.map((part) => (part.kind === "text" ? part.text : null));
  if (texts.includes(null)) fail(scanner, "the word after '<<' must be plain", start);
  const quoted = word.some((part) => part.quoted);
  const redirect: PendingHere["redirect"] = { fd, op: "here", target: [] };
  scanner.pending.push({ delimiter: texts.join(""), quoted, stripTabs, redirect });
  return redirect;
}

/** Reads the bodies of the here-documents that were announced on the line just ended. */
export function readHereBodies(scanner: Scanner): void {
  for (const here of scanner.pending.splice(0)) {
    const start = scanner.at;
    const { end, next } = findDelimiter(scanner, here);
    scanner.at = next;
    here.redirect.target = hereWord(scanner, here, start, end);
  }
}

function findDelimiter(scanner: Scanner, here: PendingHere): { end: number; next: number } {
  for (let at = scanner.at; at < scanner.text.length; ) {
    const newline = scanner.text.indexOf("\n", at);
    const lineEnd = newline === -1 ? scanner.text.length : newline;
    const line = scanner.text.slice(at, lineEnd);
    const bare = here.stripTabs ? line.replace(/^\t+/, "") : line;
    if (bare === here.delimiter) {
      return { end: at, next: Math.min(lineEnd + 1, scanner.text.length) };
    }
    at = lineEnd + 1;
  }
  const wanted = `the here-document has no line '${here.delimiter}' to end it`;
  failIncomplete(scanner, wanted, Math.min(scanner.at, scanner.text.length));
}

function hereWord(scanner: Scanner, here: PendingHere, start: number, end: number): Word {
  const raw = scanner.text.slice(start, end);
  const body = here.stripTabs ? raw.replace(/^\t+/gm, "") : raw;
  if (here.quoted) return [textPart(body, true)];
  const inner = { text: body, at: 0, pending: [], nested: scanner.nested };
  const word = scanHereBody(inner);
  if (peek(inner) !== "") fail(scanner, "unexpected text in a here-document", start);
  return word;
}
