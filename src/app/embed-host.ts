/** The other end of `src/embed`: calls from the embedding page, answered; events, passed on. */
import { automation } from "./automation.ts";
import { listen } from "./events.ts";
import { useView } from "./store/view.ts";

interface Call {
  readonly windtunnel: 1;
  readonly id: number;
  readonly call: string;
  readonly args: readonly unknown[];
}

const calls = [
  "exec",
  "input",
  "seek",
  "pause",
  "play",
  "step",
  "state",
  "hash",
  "journal",
  "load",
] as const;
/** `ready` comes once, when the first world is open, or at once to who asks later. */
const events = ["ready", "frame", "trace", "journal", "lesson", "fault", "crash"] as const;
type EventName = (typeof events)[number];

/**
 * Serves the page that embeds this one. `origins`: who may call besides this page's own origin;
 * `*` is everyone. What comes before the first world is open waits for it.
 */
export function serveEmbedder(origins: readonly string[]): void {
  const allowed = (origin: string) =>
    origin === location.origin || origins.includes("*") || origins.includes(origin);
  const callers = new WeakMap<Window, Caller>();
  const ready = firstWorld();
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const source = event.source as Window | null;
    if (!isCall(event.data) || source === null) return;
    if (!allowed(event.origin)) {
      console.info(
        `a call from ${event.origin} was not answered: allow it with origin= in the address`,
      );
      return;
    }
    const caller = callers.get(source) ?? new Caller(source, event.origin);
    callers.set(source, caller);
    void caller.answer(event.data, ready);
  });
  announce(origins, ready);
}

/** A window that calls, and the events that it wants to hear. */
class Caller {
  readonly #window: Window;
  readonly #origin: string;
  readonly #heard = new Map<EventName, () => void>();

  constructor(source: Window, origin: string) {
    this.#window = source;
    this.#origin = origin;
  }

  async answer({ id, call, args }: Call, ready: Promise<void>): Promise<void> {
    try {
      this.#post({ id, value: await this.#run(call, args, ready) });
    } catch (error) {
      this.#post({ id, error: error instanceof Error ? error.message : String(error) });
    }
  }

  async #run(call: string, args: readonly unknown[], ready: Promise<void>): Promise<unknown> {
    if (call === "on") return this.#listen(eventNames(args[0]), ready);
    if (call === "off") return this.#forget(eventNames(args[0]));
    const known = calls.find((name) => name === call);
    if (known === undefined) throw new Error(`no such call: ${call}`);
    await ready;
    const method = automation[known] as (...args: readonly unknown[]) => Promise<unknown>;
    return method(...args);
  }

  #listen(names: readonly EventName[], ready: Promise<void>): true {
    this.#forget(names);
    for (const name of names) {
      if (name === "ready") void ready.then(() => this.#post({ event: "ready", data: null }));
      else
        this.#heard.set(
          name,
          listen(name, (data) => this.#post({ event: name, data })),
        );
    }
    return true;
  }

  #forget(names: readonly EventName[]): true {
    for (const name of names) {
      this.#heard.get(name)?.();
      this.#heard.delete(name);
    }
    return true;
  }

  #post(answer: object): void {
    this.#window.postMessage({ windtunnel: 1, ...answer }, { targetOrigin: this.#origin });
  }
}

/** `*` stands for every event. */
function eventNames(wanted: unknown): readonly EventName[] {
  if (wanted === "*") return events;
  const known = events.find((name) => name === wanted);
  if (known === undefined) {
    throw new Error(`no such event: ${String(wanted)}; there are ${events.join(", ")}`);
  }
  return [known];
}

function firstWorld(): Promise<void> {
  return new Promise((resolve) => {
    if (useView.getState().connected) resolve();
    const stop = useView.subscribe((view) => {
      if (!view.connected) return;
      stop();
      resolve();
    });
  });
}

/** Whoever was there before this page had loaded could not ask yet: it is told. */
function announce(origins: readonly string[], ready: Promise<void>): void {
  if (window.parent === window) return;
  const message = { windtunnel: 1, event: "ready", data: null };
  void ready.then(() => {
    for (const targetOrigin of new Set([location.origin, ...origins])) {
      window.parent.postMessage(message, { targetOrigin });
    }
  });
}

function isCall(data: unknown): data is Call {
  if (typeof data !== "object" || data === null) return false;
  const call = data as Partial<Call>;
  return call.windtunnel === 1 && typeof call.call === "string" && Array.isArray(call.args);
}
