/** Signals of a process: what the program took, and what ends it when nobody did. */
import { exitOfSignal, type SignalName } from "../world/index.ts";

export class SignalTable {
  readonly #handlers = new Map<SignalName, (() => void)[]>();
  readonly #controller = new AbortController();
  /** The exit code of a signal that nobody took; the process ends with its turn. */
  fatal: number | null = null;

  /**
   * Aborts when a signal comes that the program did not take. The reason is the exit code that a
   * shell shows for it, 128 and the signal's number.
   */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  on(name: SignalName, handler: () => void): void {
    const handlers = this.#handlers.get(name) ?? [];
    handlers.push(handler);
    this.#handlers.set(name, handlers);
  }

  /** Calls the handlers; without any, the process has until the end of its turn. */
  deliver(name: SignalName): void {
    const handlers = this.#handlers.get(name) ?? [];
    for (const handler of handlers) handler();
    if (handlers.length > 0) return;
    this.fatal = exitOfSignal(name);
    this.#controller.abort(this.fatal);
  }
}
