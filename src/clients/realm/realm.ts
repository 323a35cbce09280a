/**
 * Makes a realm's clocks, timers and chance those of the current process. Libraries read these
 * globals when they call them, so they run unmodified in virtual time.
 */
import { assert, drawU32 } from "../../kernel/index.ts";
import { type CurrentProcess, currentProcess } from "./current.ts";
import { createVirtualDate } from "./date.ts";
import { delegateNuid } from "./nuid.ts";
import { keepOriginals, type OriginalRealm } from "./originals.ts";

export interface Realm {
  /** The realm's own clock and timers, for drivers and frame pumps. */
  readonly original: OriginalRealm;
  /** Something truly asynchronous is under way: no event is taken until it is done. */
  hold<T>(promise: Promise<T>): Promise<T>;
  /** Asks for code on behalf of the current process; it begins to load when its turn rests. */
  load<T>(start: () => Promise<T>): Promise<T>;
  /** What was asked for first: call it to load, then call its answer to hand over the result. */
  takeLoad(): (() => Promise<() => void>) | null;
  readonly holds: number;
  /** Resolves when nothing is held any more. */
  settled(): Promise<void>;
  /** Puts the originals back (tests). */
  uninstall(): void;
}

export interface RealmOptions {
  /** Use without a current process throws; else the originals answer. */
  readonly strict: boolean;
}

let installed: Realm | null = null;

/** Patches this realm once; a second call answers the first's realm. */
export function installRealm(options: RealmOptions): Realm {
  if (installed !== null) return installed;
  const original = keepOriginals();
  const restore = patchGlobals(original, options);
  const restoreNuid = delegateNuid();
  const held = new Set<Promise<unknown>>();
  const loads: (() => Promise<() => void>)[] = [];
  installed = {
    original,
    hold(promise) {
      held.add(promise);
      const release = (): void => void held.delete(promise);
      promise.then(release, release);
      return promise;
    },
    load(start) {
      return new Promise((resolve, reject) => {
        loads.push(() =>
          start().then(
            (value) => () => resolve(value),
            (error: unknown) => () => reject(error),
          ),
        );
      });
    },
    takeLoad: () => loads.shift() ?? null,
    get holds() {
      return held.size;
    },
    async settled() {
      while (held.size > 0) await Promise.allSettled(held);
    },
    uninstall() {
      restore();
      restoreNuid();
      installed = null;
    },
  };
  return installed;
}

/**
 * Brings code with its first use. The process that asks waits while the world stands still, and it
 * is not current meanwhile: whatever a loader does with clocks and timers is no doing of its own.
 * Outside of a process this only loads.
 */
export function load<T>(start: () => Promise<T>): Promise<T> {
  if (installed === null || currentProcess() === null) return start();
  return installed.load(start);
}

type Globals = Record<string, unknown>;

/** Replaces the globals; answers what puts them back. */
function patchGlobals(original: OriginalRealm, { strict }: RealmOptions): () => void {
  const ask = <T>(what: string, own: (process: CurrentProcess) => T, other: () => T): T => {
    const process = currentProcess();
    if (process !== null) return own(process);
    assert(!strict, `${what} was used while no process runs`);
    return other();
  };
  const globals = globalThis as unknown as Globals;
  const undo = [
    ...patchTimers(globals, original, ask),
    replace(globals, "Date", createVirtualDate(original.Date, ask)),
    replace(globals.performance as Globals, "now", () => {
      return ask("performance.now", (process) => process.elapsedMs(), original.performanceNow);
    }),
    replace(Math as unknown as Globals, "random", () => {
      return ask("Math.random", drawFraction, original.random);
    }),
    ...patchCrypto(original, ask),
  ];
  return () => {
    for (const restore of undo.reverse()) restore();
  };
}

/** Asks the current process, else whoever may answer in its place. */
export type Ask = <T>(what: string, own: (process: CurrentProcess) => T, other: () => T) => T;

function patchTimers(globals: Globals, original: OriginalRealm, ask: Ask): (() => void)[] {
  const start = (what: string, isRepeated: boolean, native: NativeTimer) => {
    return (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): unknown => {
      return ask<unknown>(
        what,
        (process) => process.startTimer(() => callback(...args), ms ?? 0, isRepeated),
        () => native(callback, ms, ...args),
      );
    };
  };
  const stop = (native: (timer: unknown) => void) => {
    return (timer: unknown): void => {
      const process = currentProcess();
      if (process !== null && typeof timer === "number") process.stopTimer(timer);
      else native(timer);
    };
  };
  return [
    replace(globals, "setTimeout", start("setTimeout", false, original.setTimeoutNative)),
    replace(globals, "setInterval", start("setInterval", true, original.setIntervalNative)),
    replace(globals, "clearTimeout", stop(original.clearTimeout)),
    replace(globals, "clearInterval", stop(original.clearInterval)),
  ];
}

type NativeTimer = OriginalRealm["setTimeoutNative"];

function patchCrypto(original: OriginalRealm, ask: Ask): (() => void)[] {
  const { crypto } = globalThis;
  if (crypto === undefined) return [];
  const holder = crypto as unknown as Globals;
  const undo = [
    replace(holder, "getRandomValues", <T extends ArrayBufferView>(view: T): T => {
      return ask(
        "crypto.getRandomValues",
        (process) => fillRandom(process, view),
        () => original.getRandomValues(view),
      );
    }),
  ];
  if (crypto.randomUUID !== undefined) {
    const native = crypto.randomUUID.bind(crypto);
    undo.push(replace(holder, "randomUUID", () => ask("crypto.randomUUID", drawUuid, native)));
  }
  // nats.js's object store asks whether `crypto.subtle.digest` exists and then hashes without it;
  // a page served over plain http from another host has none.
  if (crypto.subtle === undefined) {
    const refuse = (): never => {
      throw new Error("crypto.subtle is not available in the world");
    };
    undo.push(replace(holder, "subtle", { digest: refuse }));
  }
  return undo;
}

function drawFraction(process: CurrentProcess): number {
  return drawU32(process.random, "math") / 0x1_0000_0000;
}

function fillRandom<T extends ArrayBufferView>(process: CurrentProcess, view: T): T {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  for (let i = 0; i < bytes.length; i++) bytes[i] = drawU32(process.random, "crypto") & 255;
  return view;
}

/** Version 4 of RFC 9562, from the process's own bytes. */
function drawUuid(process: CurrentProcess): `${string}-${string}-${string}-${string}-${string}` {
  const bytes = fillRandom(process, new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const part = (from: number, to: number): string => hex.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20, 32)}`;
}

/** Sets a property, own or inherited; answers what puts it back as it was. */
function replace(holder: Globals, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(holder, name);
  Object.defineProperty(holder, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: before?.enumerable ?? true,
  });
  return () => {
    if (before === undefined) delete holder[name];
    else Object.defineProperty(holder, name, before);
  };
}
