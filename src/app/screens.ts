/** What terminals have printed, kept until a screen is there to show it. */
import type { ScreenView } from "../worker/api.ts";

interface Screen {
  chunks: Uint8Array[];
  size: number;
  history: readonly string[];
}

export interface ScreenListener {
  write(bytes: Uint8Array): void;
  /** The terminal of another moment: begin again with these bytes. */
  replace(chunks: readonly Uint8Array[], history: readonly string[]): void;
}

/** A screen keeps this many bytes of its past. */
const kept = 512 * 1024;
const screens = new Map<string, Screen>();
const listeners = new Map<string, ScreenListener>();

export function keepOutput(tty: string, bytes: Uint8Array): void {
  const screen = screenOf(tty);
  screen.chunks.push(bytes);
  screen.size += bytes.length;
  while (screen.size > kept && screen.chunks.length > 1) {
    screen.size -= (screen.chunks.shift() as Uint8Array).length;
  }
  listeners.get(tty)?.write(bytes);
}

export function keepScreens(all: readonly ScreenView[]): void {
  screens.clear();
  for (const { tty, bytes, history } of all) {
    screens.set(tty, { chunks: [bytes], size: bytes.length, history });
  }
  for (const [tty, listener] of listeners) {
    const screen = screenOf(tty);
    listener.replace(screen.chunks, screen.history);
  }
}

/** Shows what is kept, then everything that comes; returns how to stop. */
export function attachScreen(tty: string, listener: ScreenListener): () => void {
  listeners.set(tty, listener);
  const screen = screenOf(tty);
  listener.replace(screen.chunks, screen.history);
  return () => listeners.delete(tty);
}

function screenOf(tty: string): Screen {
  const screen = screens.get(tty) ?? { chunks: [], size: 0, history: [] };
  screens.set(tty, screen);
  return screen;
}
