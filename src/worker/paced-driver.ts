/**
 * Lets a session's time run beside the wall's: 1/64 to 1000 times, as fast as it goes, or the rest
 * of the scenario in twenty seconds. Works in slices, so that frames and calls get their turn.
 */
import type { OriginalRealm } from "../clients/index.ts";
import {
  createPace,
  fitSpeed,
  minus,
  type Pace,
  paceTarget,
  seconds,
  type VirtualNanos,
  virtualNanos,
} from "../kernel/index.ts";
import type { Session } from "../scenario/index.ts";
import type { Speed } from "./frames.ts";

/** A slice of work; two of them fit into a frame of the display. */
const sliceMs = 8;
const frameMs = 16;
/** Looking at the clock costs as much as a small event. */
const eventsPerLook = 16;
const forever = virtualNanos(Number.POSITIVE_INFINITY);

export interface DriverListener {
  afterSlice(): void;
  /** Time stands still for good. */
  onFault(error: unknown): void;
}

export class PacedDriver {
  readonly #session: Session;
  readonly #realm: OriginalRealm;
  readonly #afterSlice: () => void;
  readonly #onFault: (error: unknown) => void;
  #speed: Speed | null = null;
  #turn = 0;
  #lately = 0;

  constructor(session: Session, realm: OriginalRealm, listener: DriverListener) {
    this.#session = session;
    this.#realm = realm;
    this.#afterSlice = listener.afterSlice;
    this.#onFault = listener.onFault;
  }

  get playing(): boolean {
    return this.#speed !== null;
  }

  /** Virtual nanoseconds that a wall second was worth lately. */
  get pace(): number {
    return this.#lately;
  }

  play(speed: Speed): void {
    const running = this.playing;
    this.#speed = speed;
    if (running) return;
    this.#turn += 1;
    this.#run(this.#turn).catch((error: unknown) => {
      // The session keeps what broke it; the next frame says so.
      this.#speed = null;
      this.#onFault(error);
    });
  }

  async pause(): Promise<void> {
    if (!this.playing) return;
    this.#speed = null;
    this.#turn += 1;
    this.#session.stop();
    // Queued behind the slice under way: resolves when time stands.
    await this.#session.runUntil(virtualNanos(0));
  }

  async #run(turn: number): Promise<void> {
    let last = this.#realm.now();
    let pace: Pace | null = null;
    let paced: Speed | null = null;
    while (this.#turn === turn && this.#speed !== null) {
      const started = this.#realm.now();
      if (paced !== this.#speed) {
        paced = this.#speed;
        pace = this.#paceOf(paced);
      }
      const before = this.#session.now;
      const target = pace === null ? forever : paceTarget(pace, before, started - last);
      await this.#slice(target, started);
      this.#measure(minus(this.#session.now, before), started - last);
      last = started;
      this.#afterSlice();
      await this.#rest(started, pace === null);
    }
  }

  #paceOf(speed: Speed): Pace | null {
    if (speed === "flat-out") return null;
    if (speed !== "fit") return createPace(speed);
    const journal = this.#session.journal();
    const last = journal[journal.length - 1]?.at ?? this.#session.now;
    const end = virtualNanos(Math.max(last, this.#session.newest));
    const rest = minus(end, this.#session.now);
    return createPace(fitSpeed(rest > 0 ? rest : seconds(20)));
  }

  async #slice(target: VirtualNanos, started: number): Promise<void> {
    let events = 0;
    const spent = (): boolean => {
      events += 1;
      return events % eventsPerLook === 0 && this.#realm.now() - started > sliceMs;
    };
    await this.#session.runUntilTrue(spent, target);
  }

  #measure(virtual: number, wallMs: number): void {
    if (wallMs <= 0) return;
    const now = (virtual / wallMs) * 1000;
    this.#lately += (now - this.#lately) * 0.2;
  }

  async #rest(started: number, flatOut: boolean): Promise<void> {
    const left = frameMs - (this.#realm.now() - started);
    if (flatOut || left < 1) await this.#realm.yieldMacrotask();
    else await new Promise<void>((resolve) => this.#realm.setTimeout(resolve, left));
  }
}
