/** Staying awake for what comes next. */
import { performance } from "node:perf_hooks";

/**
 * A client that asks, waits and asks again finds a process that went to sleep, and to wake one on
 * another processor takes longer than its answer. So sockets are looked at for so long after the
 * last that something came, before the process sleeps: Go's scheduler spins likewise.
 */
const watchMs = 0.06;

export class Vigil {
  #until = 0;
  #isKept = false;
  readonly #look = (): void => {
    this.#isKept = performance.now() < this.#until;
    // With something to do at once the event loop asks for what came, and does not wait for it.
    if (this.#isKept) setImmediate(this.#look);
  };

  /** Something came in. */
  prolong(): void {
    this.#until = performance.now() + watchMs;
    if (this.#isKept) return;
    this.#isKept = true;
    setImmediate(this.#look);
  }
}
