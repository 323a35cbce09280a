/** Notices clients that do not take what was written for them. */
import { performance } from "node:perf_hooks";
import type { Link } from "./served.ts";

/** Where a connection stood when it was looked at: what of it has to have left in time. */
interface Mark {
  readonly upTo: number;
  readonly sinceMs: number;
}

/** How often a deadline is looked at while it runs, and how seldom or often at most. */
const looksPerDeadline = 8;
const betweenMsMin = 5;
const betweenMsMax = 1000;

/** The write deadline of all connections together. Source: nats-server `flushOutbound`. */
export class SlowWrites {
  readonly #links: ReadonlyMap<number, Link>;
  readonly #deadlineMs: () => number;
  readonly #onSlow: (conn: number, pending: number) => void;
  readonly #marks = new Map<number, Mark>();
  #timer: NodeJS.Timeout | null = null;

  constructor(
    links: ReadonlyMap<number, Link>,
    deadlineMs: () => number,
    onSlow: (conn: number, pending: number) => void,
  ) {
    this.#links = links;
    this.#deadlineMs = deadlineMs;
    this.#onSlow = onSlow;
  }

  /** Something was written to one of them. */
  noteWrite(): void {
    if (this.#timer !== null) return;
    const share = this.#deadlineMs() / looksPerDeadline;
    const betweenMs = Math.min(betweenMsMax, Math.max(betweenMsMin, share));
    this.#timer = setTimeout(() => this.#look(), betweenMs);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #look(): void {
    this.#timer = null;
    const nowMs = performance.now();
    const slow: [number, number][] = [];
    for (const conn of this.#marks.keys()) if (!this.#links.has(conn)) this.#marks.delete(conn);
    for (const [conn, link] of this.#links) {
      const pending = link.pending();
      if (pending > 0) {
        if (this.#isLate(conn, link, nowMs)) slow.push([conn, pending]);
      } else this.#marks.delete(conn);
    }
    for (const [conn, pending] of slow) {
      this.#marks.delete(conn);
      this.#onSlow(conn, pending);
    }
    if (this.#marks.size > 0) this.noteWrite();
  }

  #isLate(conn: number, link: Link, nowMs: number): boolean {
    const mark = this.#marks.get(conn);
    if (mark !== undefined && link.sent() - link.pending() < mark.upTo) {
      return nowMs - mark.sinceMs >= this.#deadlineMs();
    }
    this.#marks.set(conn, { upTo: link.sent(), sinceMs: nowMs });
    return false;
  }
}
