/** One operation at a time: each waits for the one before, and the first bug ends them all. */
export class Operations {
  /** What stopped them for good: an assertion of ours or another bug. */
  fault: unknown = null;
  #last: Promise<unknown> = Promise.resolve();
  #asked = 0;
  #running = 0;
  #stopped = 0;

  /** True when the operation under way was asked to end. */
  get stopping(): boolean {
    return this.#running <= this.#stopped;
  }

  /** Asks the operation under way, and those that wait already, to end at their next event. */
  stop(): void {
    this.#stopped = this.#asked;
  }

  run<T>(operation: () => Promise<T>): Promise<T> {
    this.#asked += 1;
    const number = this.#asked;
    const guarded = async (): Promise<T> => {
      if (this.fault !== null) throw this.fault;
      this.#running = number;
      try {
        return await operation();
      } catch (error) {
        this.fault = error;
        throw error;
      }
    };
    const result = this.#last.then(guarded);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Settles when nothing is under way. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
