/**
 * Drives a Windtunnel in an iframe from the page around it. Built as `embed.js` beside our page:
 *
 *     import { connectTunnel } from "https://host/embed.js";
 *     const tunnel = connectTunnel(document.querySelector("iframe"));
 *     await tunnel.input("nats pub orders.new hello");
 *     tunnel.on("trace", (line) => console.log(line.text));
 */

/** What can be asked; the same as `window.windtunnel` in the page. */
export type TunnelCall =
  | "exec"
  | "input"
  | "seek"
  | "pause"
  | "play"
  | "step"
  | "state"
  | "hash"
  | "journal"
  | "load";

export type TunnelEvent = "ready" | "frame" | "trace" | "journal" | "lesson" | "fault" | "crash";

export interface TunnelRequest {
  readonly windtunnel: 1;
  readonly id: number;
  readonly call: TunnelCall | "on" | "off";
  readonly args: readonly unknown[];
}

export type TunnelMessage =
  | { readonly windtunnel: 1; readonly id: number; readonly value: unknown }
  | { readonly windtunnel: 1; readonly id: number; readonly error: string }
  | { readonly windtunnel: 1; readonly event: TunnelEvent; readonly data: unknown };

export interface TunnelOptions {
  /** Where the iframe's page comes from; taken from its `src` when missing. */
  readonly origin?: string;
  /** Milliseconds until a tunnel that has not answered is given up; default 60 s. */
  readonly patience?: number;
}

export interface TunnelCommand {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type TunnelSpeed = number | "flat-out" | "fit";
export type TunnelStep = "event" | "instant" | "tick" | "interesting";

/** Every call rejects with the tunnel's own words. */
export interface Tunnel {
  /** Settles when the first world is open; calls wait for it by themselves. */
  readonly ready: Promise<void>;
  call(name: TunnelCall, ...args: readonly unknown[]): Promise<unknown>;
  /** Runs a line on a terminal that nobody sees. Rejects while time is stopped. */
  exec(line: string): Promise<TunnelCommand>;
  /** Types a line at the terminal in sight. */
  input(line: string): Promise<void>;
  /** Shows the moment so many virtual nanoseconds after the beginning; answers where it stands. */
  seek(nanos: number): Promise<number>;
  pause(): Promise<void>;
  play(speed?: TunnelSpeed): Promise<void>;
  step(kind?: TunnelStep): Promise<number>;
  /** The state object that predicates see. */
  state(): Promise<Readonly<Record<string, unknown>>>;
  hash(): Promise<string>;
  /** What was put in so far, as a scenario. */
  journal(): Promise<string>;
  /** Opens a scenario's text or a share link in place of this world. */
  load(scenarioOrLink: string): Promise<void>;
  /** Returns how to stop listening. */
  on(event: TunnelEvent, listener: (data: unknown) => void): () => void;
  /** Stops listening to the iframe; calls under way are rejected. */
  close(): void;
}

/** Connects to a tunnel, also to one that is still loading. */
export function connectTunnel(frame: HTMLIFrameElement, options: TunnelOptions = {}): Tunnel {
  const line = new Line(frame, options);
  const call = (name: TunnelCall, ...args: readonly unknown[]) => line.call(name, args);
  return {
    ready: line.ready,
    call,
    exec: (text) => call("exec", text) as Promise<TunnelCommand>,
    input: (text) => call("input", text) as Promise<void>,
    seek: (nanos) => call("seek", nanos) as Promise<number>,
    pause: () => call("pause") as Promise<void>,
    play: (...speed) => call("play", ...speed) as Promise<void>,
    step: (...kind) => call("step", ...kind) as Promise<number>,
    state: () => call("state") as Promise<Readonly<Record<string, unknown>>>,
    hash: () => call("hash") as Promise<string>,
    journal: () => call("journal") as Promise<string>,
    load: (text) => call("load", text) as Promise<void>,
    on: (event, listener) => line.on(event, listener),
    close: () => line.close(),
  };
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

type Listener = (data: unknown) => void;

/** The two ends of `postMessage`: requests that wait for their answers, listeners by event. */
class Line {
  readonly ready: Promise<void>;
  readonly #frame: HTMLIFrameElement;
  readonly #origin: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<TunnelEvent, Set<Listener>>();
  #lastId = 0;
  #isReady = false;
  #closed: Error | null = null;
  #settle: { resolve(): void; reject(error: Error): void } = { resolve() {}, reject() {} };
  readonly #hear = (event: MessageEvent<unknown>) => {
    if (event.source !== this.#frame.contentWindow || event.origin !== this.#origin) return;
    if (isMessage(event.data)) this.#take(event.data);
  };

  constructor(frame: HTMLIFrameElement, { origin, patience = 60_000 }: TunnelOptions) {
    this.#frame = frame;
    this.#origin = origin ?? new URL(frame.src, location.href).origin;
    this.ready = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    window.addEventListener("message", this.#hear);
    const timer = setTimeout(() => this.#settle.reject(new Error(silence(frame))), patience);
    // Who only calls hears there that nobody answers.
    this.ready.then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    );
    // A page that has loaded answers this, and it is no secret; one that loads says so by itself.
    this.#send("on", ["ready"], "*");
  }

  async call(name: TunnelCall, args: readonly unknown[]): Promise<unknown> {
    await this.ready;
    if (this.#closed !== null) throw this.#closed;
    return new Promise((resolve, reject) => {
      this.#waiting.set(this.#send(name, args), { resolve, reject });
    });
  }

  on(event: TunnelEvent, listener: Listener): () => void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set);
    set.add(listener);
    if (this.#isReady && event === "ready")
      queueMicrotask(() => set.has(listener) && listener(null));
    else if (this.#isReady && set.size === 1) this.#send("on", [event]);
    return () => {
      set.delete(listener);
      if (this.#isReady && set.size === 0 && event !== "ready") this.#send("off", [event]);
    };
  }

  close(): void {
    window.removeEventListener("message", this.#hear);
    const error = new Error("the tunnel was closed");
    this.#closed = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#settle.reject(error);
  }

  #send(call: TunnelRequest["call"], args: readonly unknown[], origin = this.#origin): number {
    this.#lastId += 1;
    const request: TunnelRequest = { windtunnel: 1, id: this.#lastId, call, args };
    this.#frame.contentWindow?.postMessage(request, origin);
    return this.#lastId;
  }

  #take(message: TunnelMessage): void {
    if ("event" in message) {
      if (message.event === "ready") this.#begin();
      for (const listener of this.#listeners.get(message.event) ?? []) listener(message.data);
      return;
    }
    const caller = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ("error" in message) caller?.reject(new Error(message.error));
    else caller?.resolve(message.value);
  }

  /** Also after the frame has loaded anew: then it knows nothing of who listens. */
  #begin(): void {
    this.#isReady = true;
    this.#settle.resolve();
    for (const [event, set] of this.#listeners) {
      if (set.size > 0 && event !== "ready") this.#send("on", [event]);
    }
  }
}

function silence(frame: HTMLIFrameElement): string {
  const { origin } = location;
  return `no answer from ${frame.src}: does its address allow this page, with origin=${origin}?`;
}

function isMessage(data: unknown): data is TunnelMessage {
  return typeof data === "object" && data !== null && "windtunnel" in data && data.windtunnel === 1;
}
