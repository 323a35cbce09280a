/** How a journal entry reaches the world, and when. */
import {
  type JournalEntry,
  type Kernel,
  nextEventAt,
  type SimEvent,
  unreachable,
} from "../kernel/index.ts";
import {
  type Doors,
  ensureTerminal,
  type SignalName,
  submitEnd,
  submitKeys,
  submitLine,
  submitResize,
  submitSignal,
  type World,
} from "../world/index.ts";

/** Ctrl-D: to a program that reads lines it is the end of input. */
export const endOfInput = "\u0004";

/** `t1`, `t2`, ... are for people; any other name is a script's and its programs find pipes. */
export function isForPeople(tty: string): boolean {
  return /^t\d+$/.test(tty);
}

/**
 * Applies one input at this instant.
 * Returns the number of the command it began at its terminal, null when it began none.
 */
export function applyInput(world: World, doors: Doors, entry: JournalEntry): number | null {
  const { tty, text } = entry;
  ensureTerminal(world, tty, { interactive: isForPeople(tty) });
  switch (entry.kind) {
    case "line":
      return submitLine(world, doors, tty, text);
    case "key":
      if (text === endOfInput && !isRaw(world, tty)) submitEnd(world, tty);
      else submitKeys(world, tty, new TextEncoder().encode(text));
      return null;
    case "signal":
      submitSignal(world, doors, tty, text as SignalName);
      return null;
    case "resize": {
      const [cols, rows] = text.split("x").map(Number);
      submitResize(world, tty, cols ?? 80, rows ?? 24);
      return null;
    }
    case "outside":
      // Bytes of real clients are not journaled; what is recorded here only says so.
      return null;
    default:
      return unreachable(entry.kind);
  }
}

/**
 * Whether the next input is to be applied before the next event: its instant has come, and either
 * all events of it have run or, for a stamp T#k, k of them.
 */
export function isDue(kernel: Kernel<SimEvent>, entry: JournalEntry): boolean {
  const next = nextEventAt(kernel);
  if (next === null || next > entry.at) return true;
  if (entry.k === null) return false;
  if (kernel.now === entry.at) return kernel.ranNow >= entry.k;
  return entry.k === 0 && next === entry.at;
}

function isRaw(world: World, tty: string): boolean {
  for (const process of world.processes.values()) {
    if (process.tty === tty && process.raw && process.status === "running") return true;
  }
  return false;
}
