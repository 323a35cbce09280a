/** Timers by name, on the real clock. */

/** Node refuses longer timers: they are set again when they fire. */
const msMax = 0x7fff_ffff;

/**
 * What is due at once runs when everything that has arrived by now is received: Node's shortest
 * timer is a millisecond, in which a client can answer and undo what nobody has been told yet.
 */
export class NamedTimers {
  readonly #later = new Map<string, NodeJS.Timeout>();
  readonly #soon = new Map<string, NodeJS.Immediate>();

  /** Replaces the timer of this name. */
  set(name: string, ms: number, fire: () => void): void {
    this.clear(name);
    if (ms <= 0)
      this.#soon.set(
        name,
        setImmediate(() => this.#run(name, fire)),
      );
    else if (ms <= msMax)
      this.#later.set(
        name,
        setTimeout(() => this.#run(name, fire), ms),
      );
    else
      this.#later.set(
        name,
        setTimeout(() => this.set(name, ms - msMax, fire), msMax),
      );
  }

  clear(name: string): void {
    clearTimeout(this.#later.get(name));
    clearImmediate(this.#soon.get(name));
    this.#later.delete(name);
    this.#soon.delete(name);
  }

  clearAll(): void {
    for (const timer of this.#later.values()) clearTimeout(timer);
    for (const timer of this.#soon.values()) clearImmediate(timer);
    this.#later.clear();
    this.#soon.clear();
  }

  #run(name: string, fire: () => void): void {
    this.#later.delete(name);
    this.#soon.delete(name);
    fire();
  }
}
