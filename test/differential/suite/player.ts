/** Plays a program on one server, real or ours, and notes everything that the server answers. */
import { type Received, WireReader } from "../wire-reader.ts";
import { madeUp, normalise } from "./normalise.ts";
import { parseStep, type Signal, type Step } from "./notation.ts";

/** One server, as a case sees it. */
export interface Stage {
  /** Opens a connection; the CONNECT options come on top of those of the account. */
  connect(options: object, hear: Hearing): Promise<Line>;
  /** Milliseconds since 1970 on the server's clock. */
  now(): number;
  wait(ms: number): Promise<void>;
  /** Gives the server time for what a step sets off: until `done`, as long as it has patience. */
  settle(done: () => boolean): Promise<void>;
  /** Ends the server, and with it every connection, and starts it again with what it stored. */
  restart(signal: Signal): Promise<void>;
  /** Whether the server took the configuration of that name, in its log's first word. */
  reload(variant: string): Promise<string>;
}

export interface Line {
  send(bytes: Uint8Array): void;
  close(): void;
}

export interface Hearing {
  readonly bytes: (bytes: Uint8Array) => void;
  readonly closed: () => void;
}

/** What came, by subscription or step, in order within each; times and ids taken out. */
export type Transcript = ReadonlyMap<string, readonly string[]>;

/** A played program: its transcript, how much had come after each step, and JSON documents. */
export interface Played {
  readonly transcript: Transcript;
  readonly counts: readonly ReadonlyMap<string, number>[];
  readonly documents: readonly string[];
}

/** Plays the lines; `expected` are the counts of the other side, which went first. */
export async function play(
  stage: Stage,
  lines: readonly string[],
  expected: readonly ReadonlyMap<string, number>[] | null,
): Promise<Played> {
  const player = new Player(stage);
  const counts: ReadonlyMap<string, number>[] = [];
  try {
    await player.open("", "{}");
    for (const [i, line] of lines.entries()) {
      await player.perform(parseStep(line), `${i + 1} ${line.slice(0, 240)}`);
      await stage.settle(() => player.has(expected?.[i] ?? null));
      counts.push(player.counts());
    }
    await player.finish();
    const transcript = player.heard;
    if (lines.length > 0) counts[lines.length - 1] = player.counts();
    return { transcript, counts, documents: player.documents };
  } finally {
    player.close();
  }
}

/** Who an advisory is from: of consumers each speaks for itself. */
function senderOf(shown: string): string {
  const tokens = (shown.split(" ")[0] ?? "").split(".");
  const isOfConsumer = tokens[3] === "CONSUMER" && tokens.length > 6;
  return [...tokens.slice(0, 4), ...(isOfConsumer ? tokens.slice(-2) : [])].join(".");
}

/** A message to be published; no reply subject is "". */
interface Frame {
  readonly to: string;
  readonly reply: string;
  readonly body: string;
  readonly headers: string | null;
}

interface Connection {
  readonly line: Line;
  readonly options: string;
  /** What it says again when it comes back to a server that was gone, by name. */
  readonly subs: Map<string, string>;
  pongs: number;
}

class Player {
  readonly heard = new Map<string, string[]>();
  readonly documents: string[] = [];
  readonly #stage: Stage;
  readonly #conns = new Map<string, Connection>();
  readonly #names = new Map<string, string>();
  readonly #sids = new Map<string, string>();
  readonly #subs = new Map<string, string>();
  readonly #acks = new Map<string, string>();
  readonly #marks = new Map<string, string>();
  #pin = "";
  #madeUp = "";
  #restore = "no.restore";
  #lastSid = 1;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async open(name: string, options: string): Promise<void> {
    const shown = name === "" ? "line" : `${name} line`;
    const reader = new WireReader(
      (message) => this.#take(message),
      (line) => this.#takeLine(shown, line, name),
    );
    const hear = {
      bytes: (bytes: Uint8Array) => reader.feed(bytes),
      closed: () => this.#note(shown, "(closed)"),
    };
    const line = await this.#stage.connect(JSON.parse(options) as object, hear);
    const subs = this.#conns.get(name)?.subs ?? new Map<string, string>();
    this.#conns.set(name, { line, options, subs, pongs: 0 });
    this.#write(name, "PING\r\n");
    await this.#stage.settle(() => (this.#conns.get(name)?.pongs ?? 0) > 0);
  }

  async perform(step: Step, key: string, conn = ""): Promise<void> {
    switch (step.do) {
      case "send":
        return this.#send(step, key, conn);
      case "sub": {
        const sid = `${++this.#lastSid}`;
        this.#sids.set(sid, step.name);
        this.#subs.set(step.name, sid);
        const queue = step.queue === "" ? "" : `${step.queue} `;
        const text = `SUB ${step.subject} ${queue}${sid}\r\n`;
        this.#conns.get(conn)?.subs.set(step.name, text);
        return this.#write(conn, text);
      }
      case "unsub":
        this.#conns.get(conn)?.subs.delete(step.name);
        return this.#write(
          conn,
          `UNSUB ${this.#subs.get(step.name)} ${step.max}`.trim().concat("\r\n"),
        );
      case "ack":
        return this.#ack(step, key, conn);
      case "flow":
        return this.#publish(conn, {
          to: this.#acks.get(`flow ${step.name}`) ?? "no.flow",
          reply: "",
          body: "",
          headers: null,
        });
      case "answer":
        return this.#publish(conn, {
          to: this.#acks.get(`request ${step.name}`) ?? "no.request",
          reply: "",
          body: this.#fill(step.body),
          headers: null,
        });
      case "open":
        return await this.open(step.conn, step.options);
      case "restart":
        return await this.#restart(step.signal);
      case "reload":
        return this.#note(key, await this.#stage.reload(step.variant));
      case "as":
        return await this.perform(step.step, key, step.conn);
      case "raw":
        return this.#write(conn, this.#fill(step.text));
      case "mark":
        await this.#stage.wait(3);
        this.#marks.set(step.name, new Date(this.#stage.now()).toISOString());
        return await this.#stage.wait(3);
      default:
        return await this.#stage.wait(step.ms);
    }
  }

  /** Whoever was connected comes back in the order in which they came first. */
  async #restart(signal: Signal): Promise<void> {
    await this.#stage.restart(signal);
    for (const [name, { options, subs }] of this.#conns) {
      await this.open(name, options);
      for (const text of subs.values()) this.#write(name, text);
    }
  }

  /** Whether as much has come as on the other side. */
  has(expected: ReadonlyMap<string, number> | null): boolean {
    if (expected === null) return true;
    for (const [key, count] of expected) {
      if ((this.heard.get(key)?.length ?? 0) < count) return false;
    }
    return true;
  }

  counts(): ReadonlyMap<string, number> {
    return new Map([...this.heard].map(([key, lines]) => [key, lines.length]));
  }

  async finish(): Promise<void> {
    await this.#stage.wait(25);
  }

  close(): void {
    for (const { line } of this.#conns.values()) line.close();
  }

  #send(step: Extract<Step, { do: "send" }>, key: string, conn: string): void {
    const reply = step.wantsReply ? this.#replyFor(key, conn) : "";
    const { headers } = step;
    this.#publish(conn, {
      to: this.#fill(step.subject),
      reply,
      body: this.#fill(step.body),
      headers,
    });
  }

  #ack(step: Extract<Step, { do: "ack" }>, key: string, conn: string): void {
    const to = this.#acks.get(`${step.consumer}.${step.seq}`);
    const reply = step.wantsReply ? this.#replyFor(key, conn) : "";
    this.#publish(conn, {
      to: to ?? `$JS.ACK.${step.consumer}.none`,
      reply,
      body: this.#fill(step.body),
      headers: null,
    });
  }

  #replyFor(key: string, conn: string): string {
    const step = key.slice(0, key.indexOf(" "));
    this.#sids.set(`r${step}`, key);
    this.#write(conn, `SUB R.${step} r${step}\r\n`);
    return `R.${step}`;
  }

  #publish(conn: string, frame: Frame): void {
    const { to, reply, body, headers } = frame;
    const verb = `${to} ${reply === "" ? "" : `${reply} `}`;
    const size = Buffer.byteLength(body);
    if (headers === null) return this.#write(conn, `PUB ${verb}${size}\r\n${body}\r\n`);
    const block = this.#fill(headers);
    const head = Buffer.byteLength(block);
    this.#write(conn, `HPUB ${verb}${head} ${head + size}\r\n${block}${body}\r\n`);
  }

  #write(conn: string, text: string): void {
    const connection = this.#conns.get(conn);
    if (connection === undefined) throw new Error(`no connection ${conn}`);
    connection.line.send(Buffer.from(text));
  }

  #fill(text: string): string {
    return text.replace(/<<(\w+)(?::([^>]*))?>>/g, (_, what: string, value = "") => {
      if (what === "x") return "x".repeat(Number(value));
      if (what === "in") return new Date(this.#stage.now() + Number(value)).toISOString();
      if (what === "mark") return this.#marks.get(value) ?? "";
      if (what === "restore") return this.#restore;
      return what === "pin" ? this.#pin : this.#madeUp;
    });
  }

  #take(message: Received): void {
    const { sid, subject, reply, headers, payload } = message;
    const own = this.#sids.get(sid);
    // Advisories of different kinds come from different parts of the server, in no order.
    const apart = subject.startsWith("$JS.EVENT.") || subject.startsWith("$SYS.");
    this.#rememberIds(message, own ?? "");
    this.#restore = /"(\$JS\.SNAPSHOT\.RESTORE\.[^"\\]+)"/.exec(payload)?.[1] ?? this.#restore;
    if (payload.startsWith("{")) this.documents.push(payload);
    const shown = normalise(subject.startsWith("R.") ? { ...message, subject: "" } : message, {
      names: this.#names,
      now: this.#stage.now(),
    });
    const kind = apart ? ` ${senderOf(shown)}` : "";
    this.#note(`${own ?? `sid ${sid}`}${kind}`, shown);
    if (reply === "" && headers === "" && payload === "") return;
    const found = payload.match(madeUp)?.[0];
    if (found !== undefined && payload.includes(`"name":"${found}"`)) this.#madeUp = found;
  }

  #rememberIds({ reply, headers }: Received, name: string): void {
    const tokens = reply.split(".");
    if (reply !== "") this.#acks.set(`request ${name}`, reply);
    if (tokens[1] === "FC") this.#acks.set(`flow ${name}`, reply);
    const stalled = /Nats-Consumer-Stalled: (\S+)/.exec(headers)?.[1];
    if (stalled !== undefined) this.#acks.set(`flow ${name}`, stalled);
    if (tokens[1] === "ACK") this.#acks.set(`${tokens[2]}.${tokens[3]}.${tokens[5]}`, reply);
    this.#pin = /Nats-Pin-Id: (\w+)/.exec(headers)?.[1] ?? this.#pin;
  }

  #takeLine(shown: string, line: string, name: string): void {
    if (line.startsWith("INFO ") || line === "") return;
    if (line === "PING") return this.#write(name, "PONG\r\n");
    const connection = this.#conns.get(name);
    if (line === "PONG" && connection?.pongs === 0) {
      connection.pongs += 1;
      return;
    }
    this.#note(shown, line);
  }

  #note(key: string, line: string): void {
    const lines = this.heard.get(key) ?? [];
    lines.push(line);
    this.heard.set(key, lines);
  }
}
