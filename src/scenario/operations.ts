/** One operation at a time: each waits for the one before, and the first bug ends them all. */
export class Operations {
  /** Ask the operation under way to end at its next event. */
  stopping = false;
  /** What stopped them for good: an assertion of ours or another bug. */
  fault: unknown = null;
  #last: Promise<unknown> = Promise.resolve();

  run<T>(operation: () => Promise<T>): Promise<T> {
    const guarded = async (): Promise<T> => {
      if (this.fault !== null) throw this.fault;
      this.stopping = false;
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
