/** A machine for one server of ours: a virtual clock, a disk in memory, a network that is given. */
import {
  advanceTo,
  clearOwner,
  clearTimer,
  createKernel,
  createRandom,
  drawU32,
  epochSeconds,
  type Kernel,
  millis,
  nextEventAt,
  plus,
  type SimEvent,
  setTimer,
  storedTimeAt,
  takeEvent,
} from "../../src/kernel/index.ts";
import type { DiskIo, ServerIo, ServerTimer } from "../../src/server/index.ts";

interface TimerEvent extends SimEvent {
  readonly timer: ServerTimer;
}

export interface VirtualMachine {
  readonly io: ServerIo;
  /** Milliseconds since 1970 on its clock. */
  now(): number;
  /** Lets so much time pass; `fire` is called with each timer that is due. */
  wait(ms: number, fire: (timer: ServerTimer) => void): void;
  /** The process is gone, and with it what it waited for; the disk stays. */
  kill(): void;
}

/** What the server sends, and which connections it closes, is `net`'s. */
export function createMachine(seed: number, net: Pick<ServerIo, "send" | "close">): VirtualMachine {
  const kernel: Kernel<TimerEvent> = createKernel(seed);
  const random = createRandom(seed);
  const io: ServerIo = {
    get now() {
      return kernel.now;
    },
    get wall() {
      return storedTimeAt(kernel.now);
    },
    draw: (stream) => drawU32(random, stream),
    send: net.send,
    close: net.close,
    setTimer(name, at, timer) {
      // Beyond the clock's range it would never fire.
      if (at > Number.MAX_SAFE_INTEGER) clearTimer(kernel, "server", name);
      else setTimer(kernel, "server", name, at, { kind: "timer", host: "n1", timer });
    },
    clearTimer: (name) => clearTimer(kernel, "server", name),
    disk: memoryDisk(),
    tracing: false,
    trace: () => undefined,
    log: () => undefined,
  };
  return {
    io,
    now: () => epochSeconds * 1000 + kernel.now / 1e6,
    wait(ms, fire) {
      const until = plus(kernel.now, millis(ms));
      for (;;) {
        const at = nextEventAt(kernel);
        if (at === null || at > until) break;
        const event = takeEvent(kernel);
        if (event !== null) fire(event.timer);
      }
      advanceTo(kernel, until);
    },
    kill: () => clearOwner(kernel, "server"),
  };
}

function memoryDisk(): DiskIo {
  const files = new Map<string, unknown>();
  return {
    open: <T>(path: string, create: () => T): T => {
      if (!files.has(path)) files.set(path, create());
      return files.get(path) as T;
    },
    has: (path) => files.has(path),
    list: (prefix) => [...files.keys()].filter((path) => path.startsWith(prefix)).sort(),
    wrote: () => undefined,
    sync: () => undefined,
    remove: (path) => void files.delete(path),
  };
}
