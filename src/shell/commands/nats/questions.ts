// How questions look on a terminal and how keys answer them.
// Source of the layout: survey v2.3.7 as natscli v0.4.0 sets it up; wizards.jsonl.

import type { NatsContext } from "./context.ts";
import { type Keyboard, key, openKeyboard } from "./keys.ts";
import type { Choice, Question } from "./prompts.ts";

const plain = "\u001b[0m";
const dim = (text: string): string => `\u001b[0;37m${text}${plain}`;
const bold = (text: string): string => `\u001b[0;1;99m${text}${plain}`;
const cyan = (text: string): string => `\u001b[0;36m${text}${plain}`;
const red = (text: string): string => `\u001b[0;31m${text}${plain}`;
const clearLine = "\u001b[0G\u001b[2K";
const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";

async function withKeyboard<T>(
  ctx: NatsContext,
  ask: (keyboard: Keyboard) => Promise<T>,
): Promise<T> {
  const keyboard = await openKeyboard(ctx);
  try {
    return await ask(keyboard);
  } finally {
    await keyboard.release();
  }
}

/** A question, what may be said to it, what is typed after it. */
interface Line {
  readonly message: string;
  readonly hint: string;
  /** What stands there once it is answered; null while asked. */
  answerText(typed: string): string;
  /** Why what was typed is no answer; null when it is one. */
  fault(typed: string): string | null;
}

function askWith(ctx: NatsContext, line: Line): Promise<string> {
  return withKeyboard(ctx, async (keyboard) => {
    const head = `${clearLine}${dim("? ")}${bold(`${line.message} `)}`;
    for (;;) {
      await ctx.process.write(head + line.hint);
      const typed = await typedText(ctx, keyboard).catch(async (error: unknown) => {
        await ctx.process.write("\n");
        throw error;
      });
      const fault = line.fault(typed);
      if (fault === null) {
        await ctx.process.write(`${head}${cyan(line.answerText(typed))}\n`);
        return typed;
      }
      const sorry = red(`X Sorry, your reply was invalid: ${fault}`);
      await ctx.process.write(`${clearLine}${sorry}\n`);
    }
  });
}

async function typedText(ctx: NatsContext, keyboard: Keyboard): Promise<string> {
  let text = "";
  for (;;) {
    const pressed = await keyboard.next();
    if (pressed === key.enter || pressed === "\n" || pressed === "\r\n") return text;
    if (pressed === key.backspace || pressed === "\b") {
      if (text === "") continue;
      text = [...text].slice(0, -1).join("");
      await ctx.process.write("\b \b");
    } else if (pressed >= " " && !pressed.startsWith("\u001b")) {
      text += pressed;
      await ctx.process.write(pressed);
    }
  }
}

/** Yes or no, again until it is one of them; Enter takes the preset. */
export async function askYesNo(
  ctx: NatsContext,
  question: string,
  preset: boolean,
): Promise<boolean> {
  const isYes = (typed: string) => (typed === "" ? preset : /^y/i.test(typed));
  const typed = await askWith(ctx, {
    message: question,
    hint: dim(preset ? "(Y/n) " : "(y/N) "),
    answerText: (text) => (isYes(text) ? "Yes" : "No"),
    fault: (text) =>
      /^(y(es)?|no?)?$/i.test(text)
        ? null
        : `${JSON.stringify(text)} is not a valid answer, please try again.`,
  });
  return isYes(typed);
}

/** A line of text; Enter takes the preset; a required one is asked for again. */
export async function askLine(ctx: NatsContext, question: Question): Promise<string> {
  const { preset = "" } = question;
  const help = question.hasHelp ? `${cyan("[? for help]")} ` : "";
  const typed = await askWith(ctx, {
    message: question.message,
    hint: help + (preset === "" ? "" : dim(`(${preset}) `)),
    answerText: (text) => text || preset,
    fault: (text) => (text || preset || !question.required ? null : "Value is required"),
  });
  return typed || preset;
}

interface List {
  readonly choice: Choice;
  readonly rows: number;
  filter: string;
  cursor: number;
}

/** One of several: arrows move, typing filters, Enter takes it. */
export function pick(ctx: NatsContext, choice: Choice): Promise<string> {
  return withKeyboard(ctx, async (keyboard) => {
    const start = Math.max(0, choice.options.indexOf(choice.preset ?? ""));
    const rows = Math.max(1, ctx.process.tty.rows - 4);
    const list: List = { choice, rows, filter: "", cursor: start };
    let height = await drawList(ctx, list, 0);
    for (;;) {
      const pressed = await nextInList(ctx, keyboard);
      const shown = shownOptions(list);
      const chosen = shown[list.cursor];
      if (pressed === key.enter && chosen !== undefined) {
        const answer = `${dim("? ")}${bold(choice.message)}${cyan(` ${chosen}`)}`;
        await ctx.process.write(`${eraseLines(height)}${answer}\n${showCursor}`);
        return chosen;
      }
      if (pressed === key.up || pressed === key.down) {
        const step = pressed === key.up ? shown.length - 1 : 1;
        list.cursor = (list.cursor + step) % Math.max(1, shown.length);
      } else if (pressed === key.backspace) narrow(list, [...list.filter].slice(0, -1).join(""));
      else if (pressed >= " " && !pressed.startsWith("\u001b")) narrow(list, list.filter + pressed);
      height = await drawList(ctx, list, height);
    }
  });
}

async function nextInList(ctx: NatsContext, keyboard: Keyboard): Promise<string> {
  try {
    return await keyboard.next();
  } catch (error) {
    await ctx.process.write(showCursor);
    throw error;
  }
}

function shownOptions({ choice, filter }: List): readonly string[] {
  const wanted = filter.toLowerCase();
  return choice.options.filter((option) => option.toLowerCase().includes(wanted));
}

function narrow(list: List, filter: string): void {
  list.filter = filter;
  list.cursor = 0;
}

function eraseLines(count: number): string {
  return count === 0 ? "" : `\u001b[${count}A\u001b[0G\u001b[0J`;
}

/** Draws over the `before` lines of the last time; how many lines it has now. */
async function drawList(ctx: NatsContext, list: List, before: number): Promise<number> {
  const { choice, filter, cursor, rows } = list;
  const shown = shownOptions(list);
  const first = firstShown(shown.length, cursor, rows);
  const typed = filter === "" ? "" : ` ${filter}`;
  const help = choice.hasHelp ? ", ? for more help" : "";
  const use = cyan(`[Use arrows to move, type to filter${help}]`);
  const lines = [`${dim("? ")}${bold(`${choice.message}${typed}`)}  ${use}`];
  shown.slice(first, first + rows).forEach((option, i) => {
    const isChosen = first + i === cursor;
    lines.push(isChosen ? dim(`> ${option}`) : `\u001b[0;39m  ${option}${plain}`);
  });
  const text = lines.map((line) => `${line}\n`).join("");
  await ctx.process.write(`${hideCursor}${eraseLines(before)}${text}`);
  return lines.length;
}

/** The window of options keeps the cursor in its middle where it can. */
function firstShown(count: number, cursor: number, rows: number): number {
  if (count <= rows || cursor < rows / 2) return 0;
  if (count - cursor - 1 < rows / 2) return count - rows;
  return cursor - Math.floor(rows / 2);
}
