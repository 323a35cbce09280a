/** What a file system still takes, as far as is known without asking at each write. */
import { statfsSync } from "node:fs";
import { performance } from "node:perf_hooks";

/** Others write to the same disk: what was seen holds for so long. */
const seenForMs = 50;
/** Below this nothing is counted on any more; nobody else fills so much in that time. */
export const spareBytes = 64 << 20;

/** Bytes that whoever is not the system's own may still write to a folder's file system. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

export class Room {
  readonly #folder: string;
  readonly #spare: number;
  #bytes = Number.POSITIVE_INFINITY;
  #seenAt = Number.NEGATIVE_INFINITY;

  constructor(folder: string, spare: number) {
    this.#folder = folder;
    this.#spare = spare;
  }

  /** Bytes that are free, less what was counted on since. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a write may fail: what must not be lost is written before anything follows from it. */
  get isScarce(): boolean {
    return this.#bytes < this.#spare;
  }

  /** To be called before the first of some writes. */
  look(): void {
    const now = performance.now();
    if (now - this.#seenAt < seenForMs) return;
    this.#seenAt = now;
    this.#bytes = freeBytes(this.#folder);
  }

  /** Counts on room for so many bytes, which are written later. */
  take(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Something was removed. */
  forget(): void {
    this.#seenAt = Number.NEGATIVE_INFINITY;
  }
}
