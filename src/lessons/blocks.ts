/** Reads the Markdown of a lesson into a front matter and sections of blocks, with line numbers. */
import { LessonError } from "./lesson.ts";

/** One line of text that says what it is. */
export type Block =
  | { readonly kind: "text"; readonly line: number; readonly text: string }
  | { readonly kind: "after"; readonly line: number; readonly text: string }
  | {
      readonly kind: "item";
      readonly line: number;
      readonly text: string;
      /** `[x]`, `[ ]`, or null without a box. */
      readonly box: boolean | null;
      readonly fields: readonly Field[];
    };

export interface Field {
  readonly line: number;
  readonly key: string;
  readonly value: string;
}

export interface Section {
  readonly line: number;
  readonly name: string;
  /** What follows a colon in the heading. */
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface LessonText {
  /** Of the heading of level one. */
  readonly title: string;
  readonly front: readonly Field[];
  readonly sections: readonly Section[];
}

interface Line {
  readonly number: number;
  readonly text: string;
}

/** @throws LessonError */
export function readBlocks(file: string, source: string): LessonText {
  const lines = source.split(/\r?\n/).map((text, index) => ({ number: index + 1, text }));
  if (lines[0]?.text !== "---") {
    throw new LessonError(
      file,
      1,
      'begin with "---" and the front matter, such as "lesson: my-id"',
    );
  }
  const end = lines.findIndex(({ text }, index) => index > 0 && text === "---");
  if (end < 0) throw new LessonError(file, 1, 'the front matter has no end; add a line "---"');
  const title = lines.findIndex(({ text }, index) => index > end && text.trim() !== "");
  const words = /^#\s+(\S.*)$/.exec(lines[title]?.text ?? "")?.[1];
  if (words === undefined) {
    const at = lines[title]?.number ?? end + 1;
    throw new LessonError(file, at, 'below the front matter comes the title: "# Title"');
  }
  const front = lines.slice(1, end).filter(({ text }) => text.trim() !== "");
  return {
    title: words.trim(),
    front: front.map((line) => readField(file, line, line.text)),
    sections: readSections(file, lines.slice(title + 1)),
  };
}

function readField(file: string, line: Line, text: string): Field {
  const match = /^\s*([a-z]+):\s+(\S.*)$/.exec(text);
  if (match === null) throw new LessonError(file, line.number, `write "key: value", not "${text}"`);
  const [, key = "", value = ""] = match;
  return { line: line.number, key, value: unquote(value.trim()) };
}

/** A value that is one piece of code may stand in backticks. */
function unquote(value: string): string {
  return /^`([^`]*)`$/.exec(value)?.[1] ?? value;
}

function readSections(file: string, lines: readonly Line[]): Section[] {
  const sections: (Section & { readonly lines: Line[] })[] = [];
  for (const line of lines) {
    const heading = /^##\s+([^:]+?)\s*(?::\s*(.*))?$/.exec(line.text);
    const last = sections[sections.length - 1];
    if (heading !== null) {
      const [, name = "", title = ""] = heading;
      sections.push({ line: line.number, name: name.toLowerCase(), title, blocks: [], lines: [] });
    } else if (last !== undefined) last.lines.push(line);
    else if (line.text.trim() !== "") {
      throw new LessonError(
        file,
        line.number,
        'text before the first heading; begin with "## Scene"',
      );
    }
  }
  return sections.map(({ lines: own, ...section }) => ({ ...section, blocks: readOwn(file, own) }));
}

/** Paragraphs, quotes and list items; an indented line goes on with the item or is its field. */
function readOwn(file: string, lines: readonly Line[]): Block[] {
  const blocks: Growing[] = [];
  let open: Growing | null = null;
  for (const line of lines) {
    const { text, number } = line;
    if (text.trim() === "") {
      open = null;
      continue;
    }
    const field = /^\s+- (.*)$/.exec(text);
    const item = /^- (?:\[([ xX])\] )?(.*)$/.exec(text);
    const quote = /^>\s?(.*)$/.exec(text);
    if (field !== null) {
      const owner = blocks[blocks.length - 1];
      if (owner?.kind !== "item")
        throw new LessonError(file, number, "this belongs to no list item");
      owner.fields.push(readField(file, line, field[1] ?? ""));
      open = null;
    } else if (item !== null) {
      const [, mark, words = ""] = item;
      const box = mark === undefined ? null : mark !== " ";
      open = { kind: "item", line: number, text: words.trim(), box, fields: [] };
      blocks.push(open);
    } else if (quote !== null && quote[1] === "") {
      open = null;
    } else {
      const kind = quote === null ? "text" : "after";
      const words = (quote?.[1] ?? text).trim();
      const continues = open !== null && (open.kind === kind || /^\s/.test(text));
      if (continues && open !== null) open.text += ` ${words}`;
      else {
        open = { kind, line: number, text: words, box: null, fields: [] };
        blocks.push(open);
      }
    }
  }
  return blocks;
}

interface Growing {
  readonly kind: "text" | "after" | "item";
  readonly line: number;
  text: string;
  readonly box: boolean | null;
  readonly fields: Field[];
}
