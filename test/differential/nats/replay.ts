// Replays transcripts of the real `nats` with ours against a real server.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createNodeProcess } from "../../../src/node/nats/process.ts";
import { createScreen, feedScreen, type Screen, screenLines } from "../../../src/node/sh/screen.ts";
import { natsProgram } from "../../../src/shell/commands/nats/app.ts";
import { comparable } from "../transcripts/normalise.mjs";
import type { RealServer } from "./server.ts";

export interface Step {
  readonly type: "session" | "run" | "start" | "finish" | "write" | "read" | "pause" | "server";
  readonly n: number;
  readonly cmd?: string;
  readonly id?: string;
  readonly exit?: number;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly end?: string;
  readonly ready?: string;
  readonly path?: string;
  readonly content?: string;
  readonly repeat?: { readonly char: string; readonly count: number };
  readonly ms?: number;
  readonly volatile?: boolean;
  readonly alt?: Partial<Step>;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly tty?: boolean;
  readonly screen?: string;
  readonly dialog?: readonly DialogLine[];
}

interface DialogLine {
  readonly expect: string;
  readonly shown: string;
  readonly screen_tail: readonly string[];
  readonly send: string;
}

export interface SessionHead extends Step {
  readonly name: string;
  readonly profile: string;
}

export interface RecordedSession {
  readonly head: SessionHead;
  readonly steps: readonly Step[];
}

export function readTranscript(path: string): RecordedSession[] {
  const sessions: { head: SessionHead; steps: Step[] }[] = [];
  for (const line of readFileSync(path, "utf8").split("\n").filter(Boolean)) {
    const step = JSON.parse(line) as Step;
    if (step.type === "session") sessions.push({ head: step as SessionHead, steps: [] });
    else sessions.at(-1)?.steps.push(step);
  }
  return sessions;
}

/** A step and what ours did; equal unless the two texts differ after normalisation. */
export interface Outcome {
  readonly step: Step;
  readonly expected: string;
  readonly actual: string;
  readonly equal: boolean;
}

interface Running {
  exit: number | null;
  stdout: string;
  stderr: string;
  readonly done: Promise<number>;
  readonly screen: Screen;
  readonly keys: Keys;
  signal(): void;
}

/** Keys that were pressed and not yet taken. */
interface Keys {
  readonly pressed: string[];
  wake: (() => void) | null;
}

/** Every step that writes something, in order, with what ours wrote. */
export async function replaySession(
  session: RecordedSession,
  server: RealServer,
): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), "windtunnel-replay-"));
  const started = new Map<string, Running>();
  const outcomes: Outcome[] = [];
  const place = { server, folder };
  for (const step of session.steps) {
    const actual = await performStep(step, place, started);
    if (actual !== null) outcomes.push(compare(step, actual, session.head));
  }
  for (const running of started.values()) running.signal();
  rmSync(folder, { recursive: true, force: true });
  return outcomes;
}

interface Place {
  readonly server: RealServer;
  readonly folder: string;
}

async function performStep(
  step: Step,
  place: Place,
  started: Map<string, Running>,
): Promise<Partial<Step> | null> {
  const file = () => join(place.folder, step.path ?? "");
  switch (step.type) {
    case "run": {
      const running = launch(step, place);
      const dialog = step.dialog ? await converse(step, running, place.folder) : null;
      if (step.end) await endAfter(running, step.end === "SIGINT" ? 1500 : 3000);
      else await running.done;
      return { ...shown(running, place), ...(dialog ? { dialog } : {}) };
    }
    case "start": {
      const running = launch(step, place);
      started.set(step.id ?? "", running);
      await untilReady(running, step.ready);
      return null;
    }
    case "finish": {
      const running = started.get(step.id ?? "");
      started.delete(step.id ?? "");
      if (!running) return null;
      await endAfter(running, step.end === "exit" ? 4000 : 400);
      return shown(running, place);
    }
    case "pause":
      await new Promise((done) => setTimeout(done, step.ms));
      return null;
    case "write":
      await mkdir(dirname(file()), { recursive: true });
      await writeFile(file(), step.content ?? step.repeat?.char.repeat(step.repeat.count) ?? "");
      return null;
    case "read":
      return { content: await readFile(file(), "utf8").catch(() => "(no such file)") };
    default:
      return null;
  }
}

function launch(step: Step, { server, folder }: Place): Running {
  const state = { exit: null as number | null, stdout: "", stderr: "" };
  const screen = createScreen(100, 30);
  const keys: Keys = { pressed: [], wake: null };
  const isTty = step.tty === true;
  const take = (stream: "stdout" | "stderr") => (bytes: Uint8Array) => {
    const text = new TextDecoder().decode(bytes);
    state[stream] += text;
    feedScreen(screen, text.replaceAll(/\r?\n/g, "\r\n"));
  };
  const { context, signal } = createNodeProcess({
    argv: splitLine((step.cmd ?? "").replaceAll("14222", String(server.port))),
    env: new Map([
      ...["PATH", "HOME"].map((name) => [name, process.env[name] ?? ""] as const),
      ["NATS_URL", server.url],
      ...Object.entries(step.env ?? {}),
    ]),
    cwd: folder,
    tty: { in: isTty, out: isTty, err: isTty, cols: 100, rows: 30 },
    stdin: isTty && step.stdin === undefined ? typedLines(keys, screen) : oneChunk(step.stdin),
    write: take("stdout"),
    writeError: take("stderr"),
    rawKeys: async () => ({ next: () => nextKeys(keys), release: async () => undefined }),
  });
  const done = natsProgram(context).catch((error: unknown) => {
    state.stderr += `(crashed) ${error instanceof Error ? error.stack : String(error)}\n`;
    return 2;
  });
  const end = () => signal("INT");
  const running: Running = Object.assign(state, { done, screen, keys, signal: end });
  void done.then((exit) => {
    running.exit = exit;
  });
  return running;
}

async function nextKeys(keys: Keys): Promise<Uint8Array> {
  while (keys.pressed.length === 0) {
    await new Promise<void>((done) => {
      keys.wake = done;
    });
  }
  return new TextEncoder().encode(keys.pressed.shift());
}

/** Standard input of a terminal that edits lines: echo, Enter, Ctrl-D. */
async function* typedLines(keys: Keys, screen: Screen): AsyncGenerator<Uint8Array> {
  for (;;) {
    const typed = new TextDecoder().decode(await nextKeys(keys));
    const text = typed.replaceAll("\r", "\n").replace("\u0004", "");
    feedScreen(screen, text.replaceAll("\n", "\r\n"));
    if (text !== "") yield new TextEncoder().encode(text);
    if (typed.includes("\u0004")) return;
  }
}

const cancels = "(prompt; recorder cancels)";

/** Waits for each prompt, notes the end of the screen, presses the keys. */
async function converse(step: Step, running: Running, folder: string): Promise<DialogLine[]> {
  const lines: DialogLine[] = [];
  for (const line of step.dialog ?? []) {
    const pattern = line.expect === cancels ? null : new RegExp(line.expect, "s");
    const from = lines.length === 0 ? 0 : running.stdout.length + running.stderr.length;
    let quiet = 0;
    let length = -1;
    for (let waited = 0; waited < 3000 && running.exit === null; waited += 10) {
      await new Promise((done) => setTimeout(done, 10));
      const all = running.stdout + running.stderr;
      quiet = all.length === length ? quiet + 1 : 0;
      length = all.length;
      const isAsked = pattern ? pattern.test(all.slice(from)) : length > 0;
      if (isAsked && quiet >= 3) break;
    }
    const tail = screenLines(running.screen).slice(-8);
    lines.push({ ...line, screen_tail: tail.map((text) => text.replaceAll(folder, "/demo")) });
    running.keys.pressed.push(line.send);
    running.keys.wake?.();
  }
  return lines;
}

async function* oneChunk(text: string | undefined): AsyncGenerator<Uint8Array> {
  if (text !== undefined) yield new TextEncoder().encode(text);
}

async function endAfter(running: Running, ms: number): Promise<void> {
  const late = new Promise<"late">((done) => setTimeout(() => done("late"), ms));
  if ((await Promise.race([running.done, late])) === "late") running.signal();
  await running.done;
}

async function untilReady(running: Running, ready: string | undefined): Promise<void> {
  const pattern = ready === undefined ? null : new RegExp(ready);
  for (let waited = 0; waited < (pattern ? 5000 : 500); waited += 20) {
    if (pattern?.test(running.stdout + running.stderr)) break;
    await new Promise((done) => setTimeout(done, 20));
  }
  // As the recorder did: the subscription reaches the server.
  await new Promise((done) => setTimeout(done, 50));
}

function shown(running: Running, { server, folder }: Place): Partial<Step> {
  const clean = (text: string) =>
    text.replaceAll(String(server.port), "14222").replaceAll(folder, "/demo");
  const { exit, stdout, stderr } = running;
  const screen = clean(screenLines(running.screen).join("\n"));
  return { exit: exit ?? -1, stdout: clean(stdout), stderr: clean(stderr), screen };
}

const cutMark = "<usage text omitted>";

/** Usage texts of transcripts are cut after their first line; so are ours then. */
function cutUsage(text: string | undefined, recorded: string | undefined): string {
  if (!recorded?.includes(cutMark)) return text ?? "";
  return (text ?? "").replace(/^(usage: [^\n]*\n)[\s\S]*$/m, `$1${cutMark}\n`);
}

function compare(step: Step, actual: Partial<Step>, head: SessionHead): Outcome {
  const ours = {
    ...step,
    ...actual,
    stdout: cutUsage(actual.stdout, step.stdout),
    stderr: cutUsage(actual.stderr, step.stderr),
    screen: cutUsage(actual.screen, step.screen),
  };
  const actualText = comparable(ours, head);
  const expected = comparable(step, head);
  const alternative = step.alt ? comparable({ ...step, ...step.alt }, head) : expected;
  const equal = step.volatile === true || [expected, alternative].includes(actualText);
  return { step, expected, actual: actualText, equal };
}

/**
 * The words of a command line, quotes taken away. Transcripts use no other shell syntax, and
 * keep a backslash before a dollar sign.
 */
export function splitLine(line: string): string[] {
  const words = line.match(/(?:[^\s"']|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double, single) => {
      return single ?? String(double).replace(/\\(["\\])/g, "$1");
    }),
  );
}
