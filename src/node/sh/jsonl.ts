/** `sh --jsonl`: recorded sessions, step by step, in a world of their own. */
import { millis, plus, tableGet, type VirtualNanos } from "../../kernel/index.ts";
import { emptyScenario, type Scenario } from "../../link/index.ts";
import { Session, type SessionGround } from "../../scenario/index.ts";
import { type Shown, screenTail, screenText } from "./shown.ts";
import {
  createStage,
  newTerminal,
  passMillis,
  runWhile,
  type Stage,
  startLine,
  typeKeys,
} from "./stage.ts";
import {
  type DialogResult,
  type FinishStep,
  parseStep,
  type RunStep,
  type SessionLine,
  type StartStep,
  type Step,
  StepError,
  type StepResult,
  type WriteStep,
} from "./steps.ts";

export interface JsonlOptions {
  readonly ground: SessionGround;
  /** Instead of the preset that a session line names. */
  readonly scenario?: Scenario;
  readonly seed?: number;
}

/** A command left running. */
interface Started {
  readonly tty: string;
  readonly cmd: string;
  readonly shown: Shown;
}

interface Play {
  readonly stage: Stage;
  readonly started: Map<string, Started>;
}

// How long the recorded terminals waited, in virtual time.
const afterExitMs = 20;
const startMs = 500;
const interruptMs = 2_000;
const timeoutMs = 10_000;
/** A command that nobody stops and that does not end is stopped here. */
const patienceMs = 120_000;

const workFolder = "/demo";

/** Answers each line with one line; the world of a session lives until the next or the end. */
export async function* playSteps(
  lines: AsyncIterable<string> | Iterable<string>,
  options: JsonlOptions,
): AsyncGenerator<StepResult> {
  let play: Play | null = null;
  try {
    for await (const line of lines) {
      if (line.trim() === "") continue;
      const step = parseStep(line);
      if (step.type === "session") {
        await play?.stage.session.dispose();
        play = await openPlay(step, options);
      } else if (play === null) throw new StepError("the first line must be a session");
      else yield await playStep(play, step);
    }
  } finally {
    await play?.stage.session.dispose();
  }
}

async function openPlay(line: SessionLine, options: JsonlOptions): Promise<Play> {
  const { ground, seed = 1 } = options;
  const world = line.profile === undefined ? ["server"] : [`preset ${line.profile}`];
  const scenario = options.scenario ?? { ...emptyScenario, world };
  const session = await Session.open(scenario, ground, { seed });
  const size = { cols: line.cols ?? 100, rows: line.rows ?? 30 };
  return {
    stage: createStage(session, { size, setUp: setUpLine(line.env ?? {}) }),
    started: new Map(),
  };
}

/** Every terminal begins in the work folder, with the session's variables. */
function setUpLine(env: Readonly<Record<string, string>>): string {
  const assigns = Object.entries(env)
    .filter(([, value]) => value !== "<fresh>")
    .map(([name, value]) => `${name}=${quote(value)}`);
  const exports = assigns.length === 0 ? "" : `; export ${assigns.join(" ")}`;
  return `mkdir -p ${workFolder}; cd ${workFolder}${exports}`;
}

async function playStep(play: Play, step: Step): Promise<StepResult> {
  const { stage } = play;
  const quiet = { ...naming(step), exit: null, stdout: "", stderr: "" };
  switch (step.type) {
    case "run":
      return runStep(play, step);
    case "start":
      return startStep(play, step);
    case "finish":
      return finishStep(play, step);
    case "write":
      await runQuietly(stage, writeLine(step));
      return { ...quiet, ...(step.content === undefined ? {} : { content: step.content }) };
    case "read":
      return { ...quiet, content: readDeskFile(stage, step.path) };
    case "pause":
      await passMillis(stage, step.ms);
      return quiet;
    default: {
      const done = await runQuietly(stage, `fault ${step.action} ${step.node}`);
      await passMillis(stage, step.settle_ms ?? 0);
      return { ...quiet, ...done };
    }
  }
}

/** The fields that say which step a result belongs to. */
function naming(step: Step): Pick<StepResult, "n" | "type" | "id" | "cmd" | "tty"> {
  return {
    ...(step.n === undefined ? {} : { n: step.n }),
    type: step.type,
    ...("id" in step ? { id: step.id } : {}),
    ...("cmd" in step ? { cmd: step.cmd } : {}),
    ...("tty" in step && step.tty !== undefined ? { tty: step.tty } : {}),
  };
}

async function runStep(play: Play, step: RunStep): Promise<StepResult> {
  const { stage } = play;
  const tty = terminalFor(stage, step, step.env === undefined ? "sh" : `sh-env-${step.n ?? 0}`);
  const shown = await startLine(stage, tty, lineOf(step), sizeOf(stage, step));
  const began = stage.session.now;
  const dialog = await answerAll(stage, tty, shown, step);
  const limitMs =
    step.end === "SIGINT" ? interruptMs : step.end === undefined ? patienceMs : timeoutMs;
  await waitOrInterrupt(stage, tty, shown, plus(began, millis(limitMs)));
  await passMillis(stage, afterExitMs);
  return { ...naming(step), ...resultOf(shown), ...(step.dialog === undefined ? {} : { dialog }) };
}

async function startStep(play: Play, step: StartStep): Promise<StepResult> {
  const { stage } = play;
  const tty = terminalFor(stage, step, `sh-${step.id}`);
  const shown = await startLine(stage, tty, lineOf(step), sizeOf(stage, step));
  play.started.set(step.id, { tty, cmd: step.cmd, shown });
  if (step.ready === undefined) await passMillis(stage, startMs);
  else {
    const ready = new RegExp(step.ready, "s");
    const waiting = (): boolean => shown.exit === null && !ready.test(shown.raw);
    await runWhile(stage, waiting, after(stage, timeoutMs));
  }
  return { ...naming(step), exit: null, stdout: "", stderr: "" };
}

async function finishStep(play: Play, step: FinishStep): Promise<StepResult> {
  const { stage, started } = play;
  const running = started.get(step.id);
  if (running === undefined) throw new StepError(`nothing was started as ${step.id}`);
  started.delete(step.id);
  const { tty, cmd, shown } = running;
  const limitMs = step.end === "SIGINT" ? 0 : timeoutMs;
  const interrupted = await waitOrInterrupt(stage, tty, shown, after(stage, limitMs));
  await passMillis(stage, afterExitMs);
  const end = interrupted ? "SIGINT" : "exit";
  return { ...naming(step), cmd, tty: shown.tty, end, ...resultOf(shown) };
}

/** Waits for the end of a command until `at`, then sends SIGINT, and at last SIGKILL. */
async function waitOrInterrupt(
  stage: Stage,
  tty: string,
  shown: Shown,
  at: VirtualNanos,
): Promise<boolean> {
  const running = (): boolean => shown.exit === null;
  if (await runWhile(stage, running, at)) return false;
  await stage.session.signal(tty, "INT");
  if (await runWhile(stage, running, after(stage, timeoutMs))) return true;
  await stage.session.signal(tty, "KILL");
  await runWhile(stage, running, after(stage, afterExitMs));
  return true;
}

/** Answers each question of a dialog when it is asked. */
async function answerAll(
  stage: Stage,
  tty: string,
  shown: Shown,
  step: RunStep,
): Promise<DialogResult[]> {
  const results: DialogResult[] = [];
  let from = 0;
  for (const { expect, send } of step.dialog ?? []) {
    const wanted = new RegExp(expect, "s");
    const start = from;
    const asked = (): boolean => wanted.test(withoutColours(shown.raw.slice(start)));
    const waiting = (): boolean => shown.exit === null && !asked();
    await runWhile(stage, waiting, after(stage, timeoutMs));
    await passMillis(stage, afterExitMs);
    results.push({ expect, send, shown: shown.raw.slice(from), screen_tail: screenTail(shown) });
    from = shown.raw.length;
    if (shown.exit !== null) break;
    await typeKeys(stage, tty, send);
  }
  return results;
}

const escapeCharacter = "\u001b";
const controlSequence = new RegExp(`${escapeCharacter}(?:\\[[?>=]?[\\d;]*[@-~]|[^[])`, "g");

function withoutColours(text: string): string {
  return text.replace(controlSequence, "");
}

function resultOf(shown: Shown): Pick<StepResult, "exit" | "stdout" | "stderr" | "screen"> {
  const { exit, stdout, stderr, raw, tty } = shown;
  return tty
    ? { exit, stdout: raw, stderr: "", screen: screenText(shown) }
    : { exit, stdout, stderr };
}

function terminalFor(stage: Stage, step: RunStep | StartStep, name: string): string {
  const free = step.type === "run" && step.env === undefined;
  if (step.tty && free && stage.ready.has("t1") && stage.shown.get("t1")?.exit !== null)
    return "t1";
  return newTerminal(stage, step.tty === true, name);
}

function sizeOf(stage: Stage, step: RunStep | StartStep): Stage["size"] {
  return { cols: step.cols ?? stage.size.cols, rows: step.rows ?? stage.size.rows };
}

/** The step's command as one line, with its own variables and its input. */
function lineOf(step: RunStep | StartStep): string {
  const env = Object.entries(step.env ?? {}).map(([name, value]) => `${name}=${quote(value)}`);
  const cmd = asRecorded(step.cmd);
  const exported = env.length === 0 ? cmd : `export ${env.join(" ")}; ${cmd}`;
  return step.stdin === undefined ? exported : `printf %s ${quote(step.stdin)} | { ${exported}\n}`;
}

/**
 * The recorder split `nats` commands into words without a shell's expansions: in double quotes,
 * `$1` and `\$` stood for themselves (core.jsonl mapping-and-local 4, stream.jsonl
 * publish-constraints 50). Everything else of a step is a line of shell.
 */
function asRecorded(cmd: string): string {
  if (!/^nats\s/.test(cmd)) return cmd;
  return cmd.replace(/"(?:[^"\\]|\\[\s\S])*"/g, (quoted) =>
    quoted.replace(/\\\$/g, "\\\\\\$").replace(/(?<!\\)\$(?=\d)/g, "\\$"),
  );
}

function writeLine(step: WriteStep): string {
  const { repeat } = step;
  const content = repeat === undefined ? (step.content ?? "") : repeat.char.repeat(repeat.count);
  return `printf %s ${quote(content)} > ${quote(step.path)}`;
}

/** Runs a line that is no part of the session; time stands almost still. */
async function runQuietly(
  stage: Stage,
  line: string,
): Promise<{ exit: number | null; stderr: string }> {
  const shown = await startLine(stage, "sh-setup", line);
  await runWhile(stage, () => shown.exit === null, after(stage, 1_000));
  return { exit: shown.exit, stderr: shown.stderr };
}

function readDeskFile(stage: Stage, path: string): string {
  const files = stage.session.world.hosts.get("desk")?.files;
  const whole = path.startsWith("/") ? path : `${workFolder}/${path}`;
  const row = files === undefined ? null : tableGet(files, whole);
  return row === null || row === undefined ? "" : new TextDecoder().decode(row.bytes);
}

function after(stage: Stage, ms: number): VirtualNanos {
  return plus(stage.session.now, millis(ms));
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
