/** The realm's own clock, timers and chance, as they were before anything was patched. */

type Callback = (...args: unknown[]) => void;

export interface OriginalRealm {
  readonly Date: DateConstructor;
  /** Wall milliseconds that only grow. */
  readonly now: () => number;
  readonly performanceNow: () => number;
  readonly random: () => number;
  readonly getRandomValues: <T extends ArrayBufferView>(view: T) => T;
  readonly setTimeout: (fn: () => void, ms: number) => unknown;
  readonly setTimeoutNative: (fn: Callback, ms?: number, ...args: unknown[]) => unknown;
  readonly setIntervalNative: (fn: Callback, ms?: number, ...args: unknown[]) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  readonly clearInterval: (timer: unknown) => void;
  /** One turn of the event loop: every microtask that waits has run when it resolves. */
  readonly yieldMacrotask: () => Promise<void>;
}

/** What an engine may have beside the timers of every realm. */
interface Extras {
  readonly setImmediate?: (fn: () => void) => unknown;
  readonly scheduler?: { postTask?(fn: () => void): Promise<unknown> };
}

export function keepOriginals(): OriginalRealm {
  const timers = globalThis as unknown as {
    setTimeout: OriginalRealm["setTimeoutNative"];
    setInterval: OriginalRealm["setIntervalNative"];
    clearTimeout(timer: unknown): void;
    clearInterval(timer: unknown): void;
  };
  const setTimeoutNative = timers.setTimeout.bind(globalThis);
  const performanceNow = performance.now.bind(performance);
  return {
    Date,
    now: performanceNow,
    performanceNow,
    random: Math.random.bind(Math),
    getRandomValues: <T extends ArrayBufferView>(view: T): T => originalRandomValues(view),
    setTimeout: (fn, ms) => setTimeoutNative(fn, ms),
    setTimeoutNative,
    setIntervalNative: timers.setInterval.bind(globalThis),
    clearTimeout: timers.clearTimeout.bind(globalThis),
    clearInterval: timers.clearInterval.bind(globalThis),
    yieldMacrotask: findMacrotask(),
  };
}

const nativeRandomValues = globalThis.crypto?.getRandomValues?.bind(globalThis.crypto);

function originalRandomValues<T extends ArrayBufferView>(view: T): T {
  return nativeRandomValues(view as never) as unknown as T;
}

/**
 * The fastest turn of the event loop that this engine has. Measured: `setImmediate` 4 µs in Node;
 * in Chromium `postTask` 5 µs, one channel used again and again 10 µs, `setTimeout(0)` 4 ms.
 */
function findMacrotask(): () => Promise<void> {
  const { setImmediate, scheduler } = globalThis as unknown as Extras;
  if (setImmediate !== undefined) {
    return () => new Promise((resolve) => void setImmediate(() => resolve()));
  }
  const postTask = scheduler?.postTask?.bind(scheduler);
  if (postTask !== undefined) {
    return () => new Promise((resolve) => void postTask(() => resolve()));
  }
  return channelMacrotask();
}

function channelMacrotask(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return () => {
    return new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
  };
}
