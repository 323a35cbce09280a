/** The step format of recorded sessions (transcripts/README.md): what goes in, what comes out. */

/** The first line: which world, and how terminals are set up. */
export interface SessionLine {
  readonly type: "session";
  readonly name?: string;
  /** Name of a world preset. */
  readonly profile?: string;
  readonly mode?: "pipe" | "tty";
  readonly cols?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface DialogLine {
  /** Regular expression that the output since the last answer must come to match. */
  readonly expect: string;
  readonly send: string;
}

interface CommandFields {
  readonly n?: number;
  readonly cmd: string;
  readonly tty?: boolean;
  readonly cols?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly dialog?: readonly DialogLine[];
}

export interface RunStep extends CommandFields {
  readonly type: "run";
  readonly end?: "SIGINT" | "timeout-SIGINT";
}

export interface StartStep extends CommandFields {
  readonly type: "start";
  readonly id: string;
  /** Regular expression: the step is over when the output matches. */
  readonly ready?: string;
}

export interface FinishStep {
  readonly type: "finish";
  readonly n?: number;
  readonly id: string;
  readonly end?: "exit" | "SIGINT";
}

export interface WriteStep {
  readonly type: "write";
  readonly n?: number;
  readonly path: string;
  readonly content?: string;
  readonly repeat?: { readonly char: string; readonly count: number };
}

interface ReadStep {
  readonly type: "read";
  readonly n?: number;
  readonly path: string;
}

interface PauseStep {
  readonly type: "pause";
  readonly n?: number;
  readonly ms: number;
}

interface ServerStep {
  readonly type: "server";
  readonly n?: number;
  readonly action: string;
  readonly node: string;
  readonly settle_ms?: number;
}

export type Step = RunStep | StartStep | FinishStep | WriteStep | ReadStep | PauseStep | ServerStep;

/** What a step did, one line out. Fields of the step that name it are repeated. */
export interface StepResult {
  readonly n?: number;
  readonly type: Step["type"];
  readonly id?: string;
  readonly cmd?: string;
  readonly tty?: boolean;
  readonly end?: string;
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly screen?: string;
  readonly dialog?: readonly DialogResult[];
  readonly content?: string;
}

export interface DialogResult extends DialogLine {
  /** Raw output since the last answer. */
  readonly shown: string;
  /** The last lines of the screen when the answer was given. */
  readonly screen_tail: readonly string[];
}

/** A line that is no step. The stream ends there, exit status 2. */
export class StepError extends Error {
  override readonly name = "StepError";
}

const required: Readonly<Record<Step["type"], readonly string[]>> = {
  run: ["cmd"],
  start: ["cmd", "id"],
  finish: ["id"],
  write: ["path"],
  read: ["path"],
  pause: ["ms"],
  server: ["action", "node"],
};

/** Reads one line of input. Throws StepError. */
export function parseStep(text: string): Step | SessionLine {
  const value = parseObject(text);
  const type = value.type;
  if (type === "session") return value as unknown as SessionLine;
  if (typeof type !== "string" || !Object.hasOwn(required, type)) {
    throw new StepError(`no step of type ${JSON.stringify(type ?? null)}`);
  }
  for (const field of required[type as Step["type"]]) {
    if (value[field] === undefined) throw new StepError(`a ${type} step needs "${field}"`);
  }
  return value as unknown as Step;
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StepError(`not JSON: ${text.slice(0, 60)}`);
  }
  if (typeof value !== "object" || value === null) throw new StepError("a step is a JSON object");
  return value as Record<string, unknown>;
}
