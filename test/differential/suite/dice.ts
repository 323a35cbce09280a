/** Chance for programs: a test's dice, not the world's. The same seed gives the same throws. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    // Neighbouring seeds must not begin alike.
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  }

  /** 0 to `below` - 1: a xorshift generator. */
  draw(below: number): number {
    let x = this.#state === 0 ? 1 : this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return Math.floor((this.#state / 2 ** 32) * below);
  }

  pick<T>(...choices: readonly T[]): T {
    return choices[this.draw(choices.length)] as T;
  }

  chance(percent: number): boolean {
    return this.draw(100) < percent;
  }

  /** As many of what `make` gives as said. */
  times<T>(count: number, make: (i: number) => T): T[] {
    return Array.from({ length: count }, (_, i) => make(i));
  }
}
