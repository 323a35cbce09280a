/**
 * The inside of a process: JavaScript that waits for inputs. What it does during a turn is
 * collected in order; what it can learn comes with the turn. So it is a function of its turns.
 */
import {
  AssertionError,
  assert,
  createRandom,
  type DurationNanos,
  epochSeconds,
  nanos,
  type RandomStreams,
  type StoredTime,
  storedTimeAt,
  unreachable,
  type VirtualNanos,
} from "../kernel/index.ts";
import type {
  ProcessEffect,
  ProcessInput,
  ProcessRecord,
  ProcessRequest,
  ReplyValue,
  RequestReply,
  SignalName,
  Turn,
} from "../world/index.ts";
import { createContext } from "./context.ts";
import type { Program } from "./program.ts";
import type { CurrentProcess } from "./realm/current.ts";
import { SignalTable } from "./signals.ts";
import type { ConnEnd, Dialler } from "./transport.ts";

interface Timer {
  readonly fire: () => void;
  readonly after: DurationNanos;
  readonly isRepeated: boolean;
}

interface Waiting {
  readonly resolve: (value: ReplyValue) => void;
  readonly reject: (error: Error) => void;
}

const nanosPerMilli = 1_000_000;
// What timers of browsers and Node take for their longest and shortest delay.
const longestMs = 2_147_483_647;

export class ProcessInside implements CurrentProcess, Dialler {
  readonly pid: number;
  readonly record: ProcessRecord;
  readonly random: RandomStreams;
  readonly ownState = new Map<string, unknown>();
  readonly signals = new SignalTable();
  /** A bug of ours that came up inside; the driver must stop. */
  fault: AssertionError | null = null;
  size: { cols: number; rows: number };
  #effects: ProcessEffect[] = [];
  #at: VirtualNanos;
  #offset: DurationNanos;
  readonly #startedAt: VirtualNanos;
  readonly #program: Program;
  readonly #timers = new Map<number, Timer>();
  readonly #conns = new Map<number, ConnEnd>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #keyReaders: ((keys: Uint8Array | null) => void)[] = [];
  readonly #keys: Uint8Array[] = [];
  #lastId = 0;
  #exited = false;

  constructor(record: ProcessRecord, first: Turn, program: Program) {
    this.pid = record.pid;
    this.record = record;
    this.random = createRandom(record.seed);
    this.#at = first.at;
    this.#offset = first.clockOffset;
    this.#startedAt = first.at;
    this.#program = program;
    this.size = { cols: record.size.cols, rows: record.size.rows };
  }

  get exited(): boolean {
    return this.#exited;
  }

  /** Takes one input, as far as it goes without waiting. */
  take(turn: Turn): void {
    this.#at = turn.at;
    this.#offset = turn.clockOffset;
    this.#dispatch(turn.input);
  }

  /** What was done since the last call, in order. */
  takeEffects(): ProcessEffect[] {
    if (this.signals.fatal !== null && !this.#exited) this.exit(this.signals.fatal);
    const done = this.#effects;
    this.#effects = [];
    return done;
  }

  wallMs(): number {
    return epochSeconds * 1000 + Math.floor((this.#at + this.#offset) / nanosPerMilli);
  }

  elapsedMs(): number {
    return (this.#at - this.#startedAt) / nanosPerMilli;
  }

  storedNow(): StoredTime {
    return storedTimeAt((this.#at + this.#offset) as VirtualNanos);
  }

  startTimer(fire: () => void, ms: number, isRepeated: boolean): number {
    // As in Node: less than a millisecond, too long or no number at all means one millisecond.
    const delay = ms >= 1 && ms <= longestMs ? ms : 1;
    const after = nanos(Math.floor(delay * nanosPerMilli));
    const id = this.#nextId();
    this.#timers.set(id, { fire, after, isRepeated });
    this.#do({ kind: "timer", id, after });
    return id;
  }

  stopTimer(id: number): void {
    if (this.#timers.delete(id)) this.#do({ kind: "clear-timer", id });
  }

  openConn(to: { host: string; port: number; transport: "tcp" | "ws" }, end: ConnEnd): number {
    const conn = this.#nextId();
    this.#conns.set(conn, end);
    this.#do({ kind: "connect", conn, ...to });
    return conn;
  }

  sendConn(conn: number, bytes: Uint8Array): void {
    this.#do({ kind: "send", conn, bytes });
  }

  closeConn(conn: number): void {
    if (this.#conns.delete(conn)) this.#do({ kind: "close", conn });
  }

  /** Asks the world; rejects with the error's text. */
  request(request: ProcessRequest): Promise<ReplyValue> {
    const id = this.#nextId();
    this.#do({ kind: "request", id, request });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  write(fd: 1 | 2, bytes: Uint8Array): void {
    this.#do({ kind: "write", fd, bytes });
  }

  holdKeys(raw: boolean): void {
    this.#do({ kind: "tty-mode", raw });
    if (!raw) for (const reader of this.#keyReaders.splice(0)) reader(null);
  }

  nextKeys(): Promise<Uint8Array | null> {
    const keys = this.#keys.shift();
    if (keys !== undefined) return Promise.resolve(keys);
    return new Promise((resolve) => this.#keyReaders.push(resolve));
  }

  exit(code: number): void {
    if (this.#exited) return;
    this.#do({ kind: "exit", code });
    this.#exited = true;
    this.#timers.clear();
    this.#conns.clear();
    this.#waiting.clear();
  }

  #dispatch(input: ProcessInput): void {
    switch (input.kind) {
      case "start":
        void this.#run();
        return;
      case "connected":
        this.#conns.get(input.conn)?.onConnected();
        return;
      case "refused":
        this.#takeConn(input.conn)?.onRefused(input.reason);
        return;
      case "bytes":
        this.#conns.get(input.conn)?.onBytes(input.bytes);
        return;
      case "closed":
        this.#takeConn(input.conn)?.onClosed(input.reason);
        return;
      case "timer":
        this.#fire(input.id);
        return;
      case "key":
        this.#onKeys(input.bytes);
        return;
      case "signal":
        this.signals.deliver(input.name as SignalName);
        return;
      case "resize":
        this.size = { cols: input.cols, rows: input.rows };
        return;
      case "reply":
        this.#onReply(input.id, input.reply);
        return;
      default:
        unreachable(input);
    }
  }

  async #run(): Promise<void> {
    try {
      this.exit(await this.#program(createContext(this)));
    } catch (error) {
      if (error instanceof AssertionError) this.fault = error;
      else this.#die(error);
    }
  }

  /** An error that the program did not catch: said on standard error, as a shell would see it. */
  #die(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    if (text !== "EPIPE") this.write(2, encoder.encode(`${this.record.program}: ${text}\n`));
    this.exit(1);
  }

  #takeConn(conn: number): ConnEnd | undefined {
    const end = this.#conns.get(conn);
    this.#conns.delete(conn);
    return end;
  }

  #fire(id: number): void {
    const timer = this.#timers.get(id);
    if (timer === undefined) return;
    if (timer.isRepeated) this.#do({ kind: "timer", id, after: timer.after });
    else this.#timers.delete(id);
    timer.fire();
  }

  #onKeys(keys: Uint8Array): void {
    const reader = this.#keyReaders.shift();
    if (reader === undefined) this.#keys.push(keys);
    else reader(keys);
  }

  #onReply(id: number, reply: RequestReply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(new Error(reply.error));
  }

  #nextId(): number {
    this.#lastId++;
    assert(this.#lastId < Number.MAX_SAFE_INTEGER, "a process ran out of numbers");
    return this.#lastId;
  }

  #do(effect: ProcessEffect): void {
    if (!this.#exited) this.#effects.push(effect);
  }
}

const encoder = new TextEncoder();
