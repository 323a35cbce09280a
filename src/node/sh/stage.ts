/** A session with its terminals: lines go in, what they write is gathered, time moves on demand. */
import { millis, plus, type VirtualNanos } from "../../kernel/index.ts";
import type { Session } from "../../scenario/index.ts";
import { createShown, type Shown, show, showText } from "./shown.ts";

export interface Stage {
  readonly session: Session;
  /** What each terminal's present command has written. */
  readonly shown: Map<string, Shown>;
  /** The index of each terminal's present command; output of a command that ended is let go. */
  readonly size: { readonly cols: number; readonly rows: number };
  readonly setUp: string;
  readonly ready: Set<string>;
  peopleNext: number;
}

export interface StageOptions {
  readonly size: { readonly cols: number; readonly rows: number };
  /** A line that each new terminal begins with; it shows nothing. */
  readonly setUp: string;
}

export function createStage(session: Session, options: StageOptions): Stage {
  const shown = new Map<string, Shown>();
  session.listen({
    output(tty, stream, bytes) {
      const here = shown.get(tty);
      if (here !== undefined) show(here, stream, bytes);
    },
    ended(tty, _command, exit) {
      const here = shown.get(tty);
      if (here !== undefined) here.exit = exit;
    },
  });
  return { session, shown, ...options, ready: new Set(), peopleNext: 1 };
}

/** A terminal's name: `t1` and on are terminals to their programs, others are pipes. */
export function newTerminal(stage: Stage, people: boolean, name: string): string {
  return people ? `t${stage.peopleNext++}` : name;
}

/** Starts a line at a terminal that is at its prompt. */
export async function startLine(
  stage: Stage,
  tty: string,
  line: string,
  size = stage.size,
): Promise<Shown> {
  const people = /^t\d+$/.test(tty);
  if (!stage.ready.has(tty)) {
    stage.ready.add(tty);
    await runToEnd(stage, await begin(stage, tty, stage.setUp, null));
  }
  if (people) await stage.session.resize(tty, size.cols, size.rows);
  return begin(stage, tty, line, people ? size : null);
}

async function begin(
  stage: Stage,
  tty: string,
  line: string,
  size: Stage["size"] | null,
): Promise<Shown> {
  const shown = createShown(size);
  stage.shown.set(tty, shown);
  await stage.session.input(line, tty);
  return shown;
}

async function runToEnd(stage: Stage, shown: Shown): Promise<void> {
  await runWhile(stage, () => shown.exit === null, plus(stage.session.now, millis(1000)));
}

/** Lets time pass until the condition fails or `at` is reached; true when it failed first. */
export async function runWhile(
  stage: Stage,
  holds: () => boolean,
  at: VirtualNanos,
): Promise<boolean> {
  if (holds()) await stage.session.runUntilTrue(() => !holds(), at);
  return !holds();
}

/** Lets so much time pass. */
export async function passMillis(stage: Stage, ms: number): Promise<void> {
  await stage.session.runUntil(plus(stage.session.now, millis(ms)));
}

/** Types keys as a person would: echoed and gathered into lines unless a program reads raw keys. */
export async function typeKeys(stage: Stage, tty: string, keys: string): Promise<void> {
  const shown = stage.shown.get(tty);
  if (isRaw(stage, tty)) {
    await stage.session.key(tty, keys);
    return;
  }
  for (const { text, last } of typedLines(keys)) {
    if (shown !== undefined) showText(shown, text + echoOf(last));
    if (last === interruptKey) await stage.session.signal(tty, "INT");
    else if (last === endKey) await stage.session.key(tty, endKey);
    else if (last === "") await stage.session.key(tty, text);
    else await stage.session.input(text, tty);
  }
}

function isRaw(stage: Stage, tty: string): boolean {
  for (const process of stage.session.world.processes.values()) {
    if (process.tty === tty && process.raw && process.status === "running") return true;
  }
  return false;
}

const interruptKey = "\u0003";
const endKey = "\u0004";

/** Keys cut into lines, each with the key that ended it; the last may have none. */
function typedLines(keys: string): { text: string; last: string }[] {
  const lines: { text: string; last: string }[] = [];
  let text = "";
  for (const key of keys) {
    if (!["\r", "\n", interruptKey, endKey].includes(key)) {
      text += key;
      continue;
    }
    lines.push({ text, last: key });
    text = "";
  }
  return text === "" ? lines : [...lines, { text, last: "" }];
}

function echoOf(last: string): string {
  if (last === interruptKey) return "^C";
  return last === "\r" || last === "\n" ? "\n" : "";
}
