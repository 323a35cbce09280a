/** Reads `.wt` text. Every error names its line and says what to do. */
import { compareStamps, type JournalEntry, parseStamp, type Stamp } from "../kernel/index.ts";
import {
  type Addition,
  finishHeader,
  type Header,
  type HeaderKey,
  headerKeys,
  newHeader,
  readHeaderLine,
} from "./header.ts";
import { parseInput } from "./input.ts";
import {
  type Scenario,
  type ScenarioComment,
  ScenarioError,
  type ScenarioFile,
  scenarioFormat,
} from "./scenario-file.ts";

/** Throws ScenarioError. */
export function parseScenario(text: string): Scenario {
  return parseScenarioLines(text).scenario;
}

/** The scenario, and for each of its entries the line it stands on, counted from 1. */
export function parseScenarioLines(text: string): {
  readonly scenario: Scenario;
  readonly lines: readonly number[];
} {
  const reader: Reader = { lines: text.split(/\r?\n/), next: 0 };
  const header = newHeader();
  const files: ScenarioFile[] = [];
  const entries: JournalEntry[] = [];
  const lines: number[] = [];
  const comments: ScenarioComment[] = [];
  let last: Stamp | null = null;
  for (let line = nextLine(reader); line !== null; line = nextLine(reader)) {
    const at = reader.next;
    if (line.trim() === "") continue;
    if (line.startsWith("#")) {
      comments.push({
        before: header.seen.size === 0 ? -1 : entries.length,
        text: line.slice(1).trim(),
      });
      continue;
    }
    const [word, rest] = firstWord(line.trim());
    if (!header.seen.has("windtunnel")) readFormat(header, at, word, rest);
    else if (/^[0-9]/.test(word)) {
      last = readStamp(at, word, last);
      lines.push(at);
      entries.push(readEntry(reader, last, rest));
    } else if (last !== null) {
      throw new ScenarioError(at, afterInputs(word));
    } else if (word === "file") {
      files.push(readFile(reader, files, rest));
    } else {
      readHeaderLine(header, at, { key: headerKey(at, word), value: rest } satisfies Addition);
    }
  }
  if (!header.seen.has("windtunnel")) {
    throw new ScenarioError(1, `the file is empty; begin it with "windtunnel ${scenarioFormat}"`);
  }
  return { scenario: { ...finishHeader(header), files, entries, comments }, lines };
}

interface Reader {
  readonly lines: readonly string[];
  /** Number of the line read last, counted from 1. */
  next: number;
}

function nextLine(reader: Reader): string | null {
  const line = reader.lines[reader.next];
  if (line === undefined) return null;
  reader.next += 1;
  return line;
}

function firstWord(text: string): [word: string, rest: string] {
  const m = /^(\S+)\s*(.*)$/s.exec(text);
  return m === null ? ["", ""] : [m[1] as string, m[2] as string];
}

function readFormat(header: Header, line: number, word: string, rest: string): void {
  if (word !== "windtunnel") {
    throw new ScenarioError(line, `begin the file with "windtunnel ${scenarioFormat}"`);
  }
  if (rest !== String(scenarioFormat)) {
    throw new ScenarioError(
      line,
      `this is format ${rest || "?"}, and only format ${scenarioFormat} is known here`,
    );
  }
  header.seen.set("windtunnel", line);
}

function readStamp(line: number, word: string, last: Stamp | null): Stamp {
  const stamp = parseStamp(word);
  if (stamp === null) {
    throw new ScenarioError(
      line,
      `"${word}" is no time; write it as 10s, 1.5s, 250ms or 1m30s, with #3 for order within it`,
    );
  }
  if (last !== null && compareStamps(stamp, last) < 0) {
    throw new ScenarioError(line, `${word} is earlier than the input above; sort them by time`);
  }
  return stamp;
}

function readEntry(reader: Reader, stamp: Stamp, rest: string): JournalEntry {
  const line = reader.next;
  const input = parseInput(line, rest);
  const text =
    input.until === null ? input.text : readHereDocument(reader, input.until).slice(0, -1);
  return { at: stamp.at, k: stamp.k, tty: input.tty, kind: input.kind, text };
}

/** `file PATH <<END` with the text below, or `file PATH "text"`. */
function readFile(reader: Reader, files: readonly ScenarioFile[], rest: string): ScenarioFile {
  const line = reader.next;
  const m = /^("(?:[^"\\]|\\.)*"|\S+)\s+(?:<<([A-Za-z_]\w*)|(".*"))$/s.exec(rest);
  if (m === null) {
    throw new ScenarioError(line, 'write "file PATH <<END", then the text, then END on a line');
  }
  const path = (m[1] as string).startsWith('"') ? readJsonText(line, m[1] as string) : m[1];
  if (files.some((file) => file.path === path)) {
    throw new ScenarioError(line, `the file ${path} is given twice; remove one of them`);
  }
  const text =
    m[2] === undefined ? readJsonText(line, m[3] as string) : readHereDocument(reader, m[2]);
  return { path: path as string, text };
}

function readJsonText(line: number, text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new ScenarioError(line, `${text} is no quoted text; quote it as JSON does`);
  }
}

/** The lines up to the end word, each with its newline. */
function readHereDocument(reader: Reader, end: string): string {
  const begin = reader.next;
  let body = "";
  for (let line = nextLine(reader); line !== null; line = nextLine(reader)) {
    if (line === end) return body;
    body += `${line}\n`;
  }
  throw new ScenarioError(begin, `the text that begins here has no end; add a line "${end}"`);
}

function headerKey(line: number, word: string): HeaderKey {
  if (Object.hasOwn(headerKeys, word)) return word as HeaderKey;
  const near = Object.keys(headerKeys).find((key) => isNear(key, word));
  const hint =
    near === undefined
      ? `the header knows ${Object.keys(headerKeys).join(", ")}; an input begins with its time`
      : `did you mean "${near}"?`;
  throw new ScenarioError(line, `"${word}" is no header line and no time; ${hint}`);
}

function afterInputs(word: string): string {
  return word === "file" || Object.hasOwn(headerKeys, word)
    ? `"${word}" belongs to the header; move it above the first input`
    : `"${word}" is no time; begin an input with its time, as in "10s ${word} ..."`;
}

/** At most one letter missing, added, changed, or two swapped. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from += 1;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - from && a.at(-1 - tail) === b.at(-1 - tail)) {
    tail += 1;
  }
  const [x, y] = [a.slice(from, a.length - tail), b.slice(from, b.length - tail)];
  if (x.length <= 1 && y.length <= 1) return true;
  return x.length === 2 && y.length === 2 && x[0] === y[1] && x[1] === y[0];
}
