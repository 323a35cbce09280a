/** Runs one program of requests against nats-server and against us, and compares every answer. */
import { expect } from "vitest";
import type { Side } from "./sides.ts";
import type { Received } from "./wire-reader.ts";

/** One step of a program. */
export type Step =
  /** A request; all that comes on any subscription until it is quiet is its answer. */
  | {
      readonly do: "request";
      readonly subject: string;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Tokens that the reply subject ends with, instead of a number. */
      readonly reply?: string;
      /** Answers whose order between subjects is not promised are compared sorted. */
      readonly unordered?: boolean;
    }
  /** A message without a reply subject. */
  | { readonly do: "publish"; readonly subject: string; readonly body?: string }
  | { readonly do: "subscribe"; readonly subject: string }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "restart" };

/** An API request with a JSON body; the subject is given without `$JS.API.`. */
export function api(subject: string, body?: unknown): Step {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return { do: "request", subject: `$JS.API.${subject}`, body: text };
}

/** A publish that wants its ack. */
export function pub(subject: string, body = "", headers?: Readonly<Record<string, string>>): Step {
  return { do: "request", subject, body, ...(headers === undefined ? {} : { headers }) };
}

export const wait = (ms: number): Step => ({ do: "wait", ms });
export const sub = (subject: string): Step => ({ do: "subscribe", subject });
export const restart: Step = { do: "restart" };

/** What a comparison is told to look past, beside times and ids. */
export type Normalise = (text: string) => string;

/** Runs the program on both sides and expects the same answers to every step. */
export async function compareSides(
  real: Side,
  ours: Side,
  steps: readonly Step[],
  normalise: Normalise = (text) => text,
): Promise<void> {
  const runs = [new Run(ours), new Run(real)] as const;
  for (const [i, step] of steps.entries()) {
    const shown = `step ${i + 1}: ${describeStep(step)}`;
    const own = await runs[0].perform(step, null);
    const theirs = await runs[1].perform(step, own.length);
    const unordered = step.do !== "request" || step.unordered === true;
    const text = (list: readonly Received[]): string[] => {
      const lines = list.map((message) => normalise(normaliseMessage(message)));
      return unordered ? lines.sort() : lines;
    };
    expect(text(own), shown).toEqual(text(theirs));
  }
}

/** Runs the program on one side alone; all answers to each step, times and ids replaced. */
export async function runAlone(side: Side, steps: readonly Step[]): Promise<string[][]> {
  const run = new Run(side);
  const answers: string[][] = [];
  for (const step of steps) {
    answers.push((await run.perform(step, null)).map(normaliseMessage));
  }
  return answers;
}

/** Deletes every stream, so that the next program starts from nothing. */
export async function clearStreams(side: Side): Promise<void> {
  const run = new Run(side);
  const [answer] = await run.perform(api("STREAM.NAMES"), 1);
  const names = (JSON.parse(answer?.payload ?? "{}").streams ?? []) as string[];
  for (const name of names) await run.perform(api(`STREAM.DELETE.${name}`), 1);
}

let lastRun = 0;

class Run {
  readonly #side: Side;
  readonly #inbox = `_INBOX.diff${++lastRun}`;
  #sid = lastRun * 100;
  #requests = 0;

  constructor(side: Side) {
    this.#side = side;
    side.send(`SUB ${this.#inbox}.> ${++this.#sid}\r\n`);
  }

  /** `expected` is how many messages the other side got; null when this side goes first. */
  async perform(step: Step, expected: number | null): Promise<Received[]> {
    switch (step.do) {
      case "wait":
        await this.#side.wait(step.ms);
        break;
      case "restart":
        await this.#side.restart();
        this.#side.send(`SUB ${this.#inbox}.> ${++this.#sid}\r\n`);
        return [];
      case "subscribe":
        this.#side.send(`SUB ${step.subject} ${++this.#sid}\r\n`);
        return [];
      default:
        this.#side.send(this.#frame(step));
    }
    const messages = await this.#side.take(expected ?? 0);
    return messages.map((message) => ({
      ...message,
      subject: message.subject.replace(/^_INBOX\.diff\d+/, "_INBOX"),
    }));
  }

  #frame(step: Step & { readonly subject: string; readonly body?: string }): string {
    const body = step.body ?? "";
    const size = Buffer.byteLength(body);
    if (step.do !== "request") return `PUB ${step.subject} ${size}\r\n${body}\r\n`;
    const reply = `${this.#inbox}.${step.reply ?? ++this.#requests}`;
    if (step.headers === undefined) return `PUB ${step.subject} ${reply} ${size}\r\n${body}\r\n`;
    const lines = Object.entries(step.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const block = `NATS/1.0\r\n${lines.join("")}\r\n`;
    const head = Buffer.byteLength(block);
    return `HPUB ${step.subject} ${reply} ${head} ${head + size}\r\n${block}${body}\r\n`;
  }
}

const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** Times, ids and what depends on the machine become marks; zero times stay. */
function normaliseMessage({ subject, reply, headers, payload }: Received): string {
  return `${subject} ${reply} ${headers}${payload}`
    .replace(time, (found) => (found.startsWith("0001") ? found : "<time>"))
    .replace(/\\?"id\\?":\\?"[A-Za-z0-9]{22}\\?"/g, '"id":"<id>"')
    .replace(/"rtt":\d+,/g, "")
    .replace(/"client":\{"start":"<time>","host":"127.0.0.1","id":\d+/g, '"client":{')
    .replace(/("total\\?":)\d+(,\\?"errors\\?":)\d+/g, "$1<n>$2<n>");
}

function describeStep(step: Step): string {
  if (step.do === "wait") return `wait ${step.ms} ms`;
  if (step.do === "restart") return "restart";
  const extra = step.do === "request" ? ` ${JSON.stringify(step.headers ?? {})} ${step.body}` : "";
  return `${step.do} ${step.subject}${extra}`.slice(0, 300);
}
