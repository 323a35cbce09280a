/**
 * The notation of differential cases: one step a line.
 *
 *     api SUBJECT [BODY]              a request to $JS.API.SUBJECT
 *     req SUBJECT [BODY]              a request to any subject; pub is the same
 *     hpub SUBJECT {HEADERS} [BODY]   a request with headers, as a JSON object
 *     say SUBJECT [BODY]              a message without a reply subject; hsay with headers
 *     sub NAME SUBJECT [QUEUE]        what comes is noted under NAME
 *     unsub NAME [MAX]
 *     pull STREAM.CONSUMER [BODY]     a pull request
 *     ack STREAM.CONSUMER SEQ [BODY]  acknowledges the last delivery of SEQ, with a reply subject
 *     ack! STREAM.CONSUMER SEQ [BODY] the same without one
 *     flow NAME                       answers the last flow control request that came to NAME
 *     answer NAME [BODY]              answers the last request that came to NAME
 *     open CONN {OPTIONS}             another connection; `as CONN STEP` speaks on it
 *     restart SIGNAL                  the server ends and starts again; who was there comes back
 *     reload VARIANT                  another configuration, one of `grounds.ts`
 *     raw TEXT                        bytes, \r and \n spelled out
 *     mark NAME                       remembers the server's time
 *     wait MS
 *
 * In a body `<<x:N>>` is N letters, `<<in:MS>>` the server's time that many ms from now,
 * `<<mark:NAME>>` a remembered time, `<<pin>>` the last pin id, `<<name>>` the last name that the
 * server made up, `<<restore>>` where it wants the parts of a backup.
 */

export type Step =
  | {
      readonly do: "send";
      readonly subject: string;
      readonly body: string;
      readonly headers: string | null;
      readonly wantsReply: boolean;
    }
  | {
      readonly do: "sub";
      readonly name: string;
      readonly subject: string;
      readonly queue: string;
    }
  | { readonly do: "unsub"; readonly name: string; readonly max: string }
  | {
      readonly do: "ack";
      readonly consumer: string;
      readonly seq: string;
      readonly body: string;
      readonly wantsReply: boolean;
    }
  | { readonly do: "flow"; readonly name: string }
  | { readonly do: "answer"; readonly name: string; readonly body: string }
  | { readonly do: "restart"; readonly signal: Signal }
  | { readonly do: "reload"; readonly variant: string }
  | { readonly do: "open"; readonly conn: string; readonly options: string }
  | { readonly do: "as"; readonly conn: string; readonly step: Step }
  | { readonly do: "raw"; readonly text: string }
  | { readonly do: "mark"; readonly name: string }
  | { readonly do: "wait"; readonly ms: number };

/** How a server is ended: in order, or at once. */
export type Signal = "SIGTERM" | "SIGKILL";

/** Reads one line. Throws on one that is none: a case with a slip must not pass. */
export function parseStep(line: string): Step {
  const [verb, rest] = cut(line);
  const [first, after] = cut(rest);
  switch (verb) {
    case "api":
      return send(`$JS.API.${first}`, after);
    case "req":
    case "pub":
      return send(first, after);
    case "say":
      return { ...send(first, after), wantsReply: false };
    case "hpub":
    case "hsay":
      return { ...withHeaders(first, after), wantsReply: verb === "hpub" };
    case "pull":
      return send(`$JS.API.CONSUMER.MSG.NEXT.${first}`, after);
    case "sub": {
      const [subject, queue] = cut(after);
      return { do: "sub", name: first, subject, queue };
    }
    case "unsub":
      return { do: "unsub", name: first, max: after };
    case "ack":
    case "ack!": {
      const [seq, body] = cut(after);
      return { do: "ack", consumer: first, seq, body, wantsReply: verb === "ack" };
    }
    case "flow":
      return { do: "flow", name: first };
    case "answer":
      return { do: "answer", name: first, body: after };
    case "restart":
      return { do: "restart", signal: first === "SIGTERM" ? "SIGTERM" : "SIGKILL" };
    case "reload":
      return { do: "reload", variant: first };
    case "open":
      return { do: "open", conn: first, options: after };
    case "as":
      return { do: "as", conn: first, step: parseStep(after) };
    case "raw":
      return { do: "raw", text: rest.replaceAll("\\r", "\r").replaceAll("\\n", "\n") };
    case "mark":
      return { do: "mark", name: first };
    case "wait":
      return { do: "wait", ms: Number(first) };
    default:
      throw new Error(`no step begins with "${verb}": ${line}`);
  }
}

/** A case: a name, the lines of its program, and the kind of server that it wants. */
export interface Case {
  readonly title: string;
  readonly steps: readonly string[];
  readonly ground: Ground;
}

/**
 * An account without limits, one with tight ones, or one of a server with limits of its own; three
 * accounts that share; and three on a server that no other program uses, to be started again and
 * to be told otherwise.
 */
export type Ground = "plain" | "tight" | "limited" | "shared" | "own";

/**
 * Cases from a text: a line without indentation is a title, those below that are indented by two
 * are its steps, and one that is indented by six continues the line above.
 * What `before` holds comes first in each.
 */
export function cases(family: string, text: string, options: CaseOptions = {}): Case[] {
  const found: { title: string; steps: string[]; ground: Ground }[] = [];
  const { before = [], ground = "plain" } = options;
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const steps = found.at(-1)?.steps;
    if (line.startsWith("      ")) steps?.push(`${steps.pop() ?? ""}${line.trim()}`);
    else if (line.startsWith(" ")) steps?.push(line.trim());
    else found.push({ title: `${family}: ${line.trim()}`, steps: [...before], ground });
  }
  return found;
}

export interface CaseOptions {
  readonly before?: readonly string[];
  readonly ground?: Ground;
}

/** One case a value: `lines` makes its steps. */
export function each<T>(
  family: string,
  values: readonly T[],
  lines: (value: T) => readonly string[],
): Case[] {
  return values.map((value) => ({
    title: `${family} ${shorten(typeof value === "string" ? value : JSON.stringify(value))}`,
    steps: lines(value),
    ground: "plain",
  }));
}

function shorten(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 60)} ... (${text.length} letters)`;
}

function send(subject: string, body: string): Extract<Step, { do: "send" }> {
  return { do: "send", subject, body, headers: null, wantsReply: true };
}

/** The headers end where their JSON object does. */
function withHeaders(subject: string, text: string): Extract<Step, { do: "send" }> {
  const end = endOfObject(text);
  const fields = JSON.parse(text.slice(0, end)) as Record<string, string>;
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const headers = `NATS/1.0\r\n${lines.join("")}\r\n`;
  return { ...send(subject, text.slice(end).trimStart()), headers };
}

function endOfObject(text: string): number {
  for (let end = text.indexOf("}"); end >= 0; end = text.indexOf("}", end + 1)) {
    try {
      JSON.parse(text.slice(0, end + 1));
      return end + 1;
    } catch {
      // A brace within a string; the object ends at a later one.
    }
  }
  throw new Error(`no headers in ${text}`);
}

function cut(text: string): [string, string] {
  const at = text.indexOf(" ");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
