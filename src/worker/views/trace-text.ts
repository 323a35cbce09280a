/** One record of the trace as a sentence, and the mark it leaves on the rail. */
import type { TraceEntry } from "../../world/index.ts";
import type { FlightView, MarkView } from "../frames.ts";
import { raftKinds, tellRaft } from "./cluster/raft-text.ts";
import { consumerId, messageId, serverId, splitId, streamId } from "./names.ts";

export interface Told {
  readonly kind: string;
  readonly icon: string;
  readonly text: string;
  readonly about: readonly string[];
  readonly interesting: boolean;
  readonly mark: Omit<MarkView, "id" | "at"> | null;
}

type ServerRecord = Extract<TraceEntry, { from: "server" }>["record"];
type WorldRecord = Extract<TraceEntry, { from: "world" }>["record"];

/** Null for what is not worth a line; `isCopy`: by a server that does not lead the stream. */
export function tellServer(record: ServerRecord, isCopy: boolean): Told | null {
  if (raftKinds.has(record.kind)) return tellRaft(record);
  const { stream, consumer, seq, host } = record;
  const message = `[${seq}](${messageId(stream, seq)})`;
  const about = aboutOf(record);
  const plain = (text: string, interesting = false, icon = ""): Told => ({
    kind: record.kind,
    icon,
    text,
    about,
    interesting,
    mark: null,
  });
  switch (record.kind) {
    case "stored":
      if (isCopy) return plain(`${host} stores its copy of ${message}`);
      return {
        ...plain(`${stream} stores ${message} \`${record.subject}\``, true),
        mark: theirs("stored", `${seq} stored`),
      };
    case "duplicate":
      return plain(
        `${stream} has seen this message as ${message}: not stored again`,
        true,
        "doubled",
      );
    case "refused":
      return {
        ...plain(`${stream || host} refuses: ${record.detail || record.subject}`, true, "refused"),
        mark: theirs("refused", "refused"),
      };
    case "deliver":
      return plain(`${consumer} delivers ${message}`, true);
    case "redeliver":
      return {
        ...plain(`${consumer} delivers ${message} **again**, ${times(record.count)}`, true, "hook"),
        mark: theirs("again", `${seq} again`),
      };
    case "ack":
      return plain(`${consumer} hears the ack of ${message}`, true, "tick");
    case "nak":
      return plain(`${consumer} hears a nak of ${message}`, true);
    case "term":
      return plain(`${consumer} is told to give up ${message}`, true, "x");
    case "progress":
      return plain(`${consumer} hears that work on ${message} goes on`);
    case "max-deliver":
      return plain(
        `${consumer} gives up on ${message}: delivered ${record.count} times`,
        true,
        "x",
      );
    case "removed":
      return plain(
        `${stream} drops ${record.count > 1 ? `${record.count} messages` : message}: ${record.detail}`,
        true,
      );
    case "puback":
      return plain(`${stream} answers the publisher: ${answerText(record.detail)}`);
    case "forbidden":
      return {
        ...plain(forbiddenText(record), true, "refused"),
        mark: theirs("refused", "forbidden"),
      };
    case "no-responders":
      return plain(`nobody listens on \`${record.subject}\``, true, "refused");
    case "slow-consumer":
      return plain(`${host} closes a slow consumer`, true, "x");
    case "status":
      return plain(`${consumer || host} answers a pull: ${record.detail || record.count}`);
    default:
      return plain(...tellLink(record));
  }
}

/** The client's own error is the server's sentence: it names the subject, or the limit. */
function forbiddenText({ host, subject, detail }: ServerRecord): string {
  if (!detail.startsWith("Permissions Violation")) return `${host} refuses: ${detail}`;
  const isPublish = detail.startsWith("Permissions Violation for Publish");
  const what = isPublish ? "publish to" : "subscribe to";
  return `${host} forbids it: no permission to ${what} \`${subject}\``;
}

/** Connections, routes and requests: the words, whether they are news, and their mark. */
function tellLink(record: ServerRecord): [text: string, interesting: boolean, icon: string] {
  const { host, kind, subject, detail } = record;
  switch (kind) {
    case "route-up":
      return [`${host} has a route to ${subject}`, false, ""];
    case "route-down":
      return [`${host} has lost its route to ${subject}`, true, "tear"];
    case "publish":
      return [`${host} takes a message on \`${subject}\``, false, ""];
    case "api":
      return [`${host} serves \`${subject}\``, false, ""];
    case "connect":
      return [`${host} accepts a connection`, false, ""];
    case "disconnect":
      return [`${host} closes a connection ${detail === "" ? "" : `_(${detail})_`}`, false, ""];
    default:
      return [`${host} ${kind} \`${subject}\``, false, ""];
  }
}

export function tellWorld(record: WorldRecord): Told | null {
  const about = [serverId(record.host)];
  const base = { kind: record.kind, about, interesting: true };
  switch (record.kind) {
    case "input":
      return /^x\d*$/.test(record.subject) ? null : tellInput(record.subject, record.detail);
    case "fault":
      return { ...base, icon: "bolt", text: `**${faultLine(record)}**`, mark: null };
    case "broken":
      return {
        ...base,
        icon: "broken",
        text: `a promise is broken: ${record.detail}`,
        mark: { lane: "promises", kind: "broken", label: "broken", loud: true, until: null },
      };
    case "expect":
      return { ...base, ...tellExpectation(record) };
    case "note":
      return { ...base, icon: "", text: record.detail, mark: null };
    default:
      return null;
  }
}

/** Only what did not hold is news. */
function tellExpectation({
  subject,
  detail,
}: WorldRecord): Pick<Told, "icon" | "text" | "interesting" | "mark"> {
  const held = detail === "held";
  const mark = {
    lane: "theirs",
    kind: "broken",
    label: "not as expected",
    loud: true,
    until: null,
  } as const;
  return {
    icon: held ? "tick" : "broken",
    text: `expected \`${subject}\`: ${detail}`,
    interesting: !held,
    mark: held ? null : mark,
  };
}

/** What was typed, as a mark on your lane; a fault's line is told by the fault itself. */
function tellInput(tty: string, line: string): Told {
  const isFault = /^\s*fault\b/.test(line);
  const isExpectation = /^\s*expect\b/.test(line);
  const mark = { lane: "yours", label: shortLine(line), loud: true, until: null } as const;
  return {
    kind: "input",
    icon: isFault ? "bolt" : "cmd",
    text: `${tty === "t1" ? "" : `${tty}: `}\`${line}\``,
    about: [],
    interesting: !isFault && !isExpectation,
    mark: isExpectation ? null : { ...mark, kind: isFault ? "fault" : "command" },
  };
}

/** A line up to its first flag: what it does, without how. */
function shortLine(line: string): string {
  const flags = line.search(/\s--?[a-z]/i);
  return flags < 0 ? line : line.slice(0, flags);
}

export function tellLost(flight: FlightView): Told {
  const [, client] = splitId(flight.client);
  const what =
    flight.kind === "puback" ? "PubAck" : flight.kind === "deliver" ? "message" : flight.kind;
  const way = flight.inward ? `from ${client}` : `to ${client}`;
  const words = `${what}${flight.seq > 0 ? ` ${flight.seq}` : ""}`;
  return {
    kind: "lost",
    icon: "x",
    text: `**${words}** ${way} is lost on the wire _(our model)_`,
    about: [flight.client, flight.target],
    interesting: true,
    mark: { lane: "theirs", kind: "lost", label: `${words} lost`, loud: false, until: null },
  };
}

function theirs(kind: MarkView["kind"], label: string): Told["mark"] {
  return { lane: "theirs", kind, label, loud: false, until: null };
}

interface About {
  readonly host: string;
  readonly stream: string;
  readonly consumer: string;
  readonly ids: readonly string[];
}

/** Of the records before, of streams and of consumers: thousands are about the same things. */
const lastAbouts: { stream: About | null; consumer: About | null } = {
  stream: null,
  consumer: null,
};

function aboutOf({ stream, consumer, host }: ServerRecord): readonly string[] {
  const kind = consumer === "" ? "stream" : "consumer";
  const last = lastAbouts[kind];
  if (host === last?.host && stream === last.stream && consumer === last.consumer) return last.ids;
  const ids = [serverId(host)];
  if (stream !== "") ids.push(streamId(stream));
  if (consumer !== "") ids.push(consumerId(stream, consumer));
  lastAbouts[kind] = { host, stream, consumer, ids };
  return ids;
}

function faultLine(record: WorldRecord): string {
  const { subject, detail } = record;
  return subject === "" || detail.includes(` ${subject}`) ? detail : `${detail} → ${subject}`;
}

function times(count: number): string {
  return count === 2 ? "second time" : count === 3 ? "third time" : `time ${count}`;
}

/** What the JSON of a PubAck says. Its number is had from the text: 2^53 and beyond are exact. */
function answerText(json: string): string {
  const why = /"description":"([^"]*)"/.exec(json)?.[1];
  if (why !== undefined) return `refused, ${why}`;
  const seq = /"seq":(\d+)/.exec(json)?.[1] ?? "it";
  return json.includes('"duplicate":true') ? `${seq} was stored before` : `${seq} is stored`;
}
