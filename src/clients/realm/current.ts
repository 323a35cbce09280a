/** Which process runs now. One at a time: the next has its turn when this one waits again. */
import type { RandomStreams } from "../../kernel/index.ts";

/** What the realm's clocks, timers and chance ask of the process that runs. */
export interface CurrentProcess {
  readonly pid: number;
  readonly random: RandomStreams;
  /** Milliseconds since 1970 on the clock of its host. */
  wallMs(): number;
  /** Milliseconds since the process began. */
  elapsedMs(): number;
  startTimer(fire: () => void, ms: number, isRepeated: boolean): number;
  stopTimer(id: number): void;
  /** What this process keeps instead of a library's shared state, by the name of that state. */
  readonly ownState: Map<string, unknown>;
}

let current: CurrentProcess | null = null;

export function currentProcess(): CurrentProcess | null {
  return current;
}

export function setCurrentProcess(process: CurrentProcess | null): void {
  current = process;
}

/** The current process's own instance of something that a library shares between all. */
export function ownInstance<T>(process: CurrentProcess, name: string, create: () => T): T {
  const known = process.ownState.get(name);
  if (known !== undefined) return known as T;
  const made = create();
  process.ownState.set(name, made);
  return made;
}
