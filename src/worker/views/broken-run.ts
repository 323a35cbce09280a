/** Promises that break together, as when the power goes, are one line: how many, which, and why. */
import type { Moment } from "./history.ts";
import type { Told } from "./trace-text.ts";

interface Run extends Moment {
  readonly stream: string;
  readonly first: number;
  readonly why: string;
  last: number;
  count: number;
}

/** Gathers them while they come; whoever reads asks for the line when something else comes. */
export class BrokenRun {
  #run: Run | null = null;

  /** `detail` is `STREAM SEQ: why`. False when this one begins a line of its own. */
  add({ at, step }: Moment, detail: string): boolean {
    const [, stream = "", seq = "0", why = ""] = /^(\S+) (\d+): (.*)$/s.exec(detail) ?? [];
    const run = this.#run;
    if (run !== null && run.at === at && run.stream === stream) {
      run.last = Number(seq);
      run.count += 1;
      return true;
    }
    if (run !== null || stream === "") return false;
    this.#run = { at, step, stream, first: Number(seq), why, last: Number(seq), count: 1 };
    return true;
  }

  /** What has been gathered, once. */
  take(): (Moment & { readonly told: Told }) | null {
    const run = this.#run;
    this.#run = null;
    if (run === null) return null;
    const { at, step, stream, first, last, count, why } = run;
    const which = count === 1 ? `${stream} ${first}` : `${stream} ${first} to ${last}`;
    const how = count === 1 ? "a promise is broken" : `${count} promises are broken`;
    const label = count === 1 ? "broken" : `${count} broken`;
    const told = {
      kind: "broken",
      icon: "broken",
      text: `**${how}**, ${which}: ${why}`,
      about: [`stream:${stream}`],
      interesting: true,
      mark: { lane: "promises", kind: "broken", label, loud: true, until: null },
    } as const;
    return { at, step, told };
  }
}
