/** What one command has written, as pipes or a terminal saw it. */
import { createScreen, feedScreen, type Screen, screenLines } from "./screen.ts";

export interface Shown {
  readonly tty: boolean;
  stdout: string;
  stderr: string;
  /** Both streams in the order written, line ends as a terminal is sent them. */
  raw: string;
  readonly screen: Screen | null;
  /** Null while it runs. */
  exit: number | null;
  readonly decoders: Readonly<Record<1 | 2, TextDecoder>>;
}

export function createShown(size: { cols: number; rows: number } | null): Shown {
  return {
    tty: size !== null,
    stdout: "",
    stderr: "",
    raw: "",
    screen: size === null ? null : createScreen(size.cols, size.rows),
    exit: null,
    decoders: { 1: new TextDecoder(), 2: new TextDecoder() },
  };
}

/** Takes what a program wrote; `raw` keeps line ends as they are, as a raw terminal does. */
export function show(shown: Shown, stream: 1 | 2, bytes: Uint8Array): void {
  const text = shown.decoders[stream].decode(bytes, { stream: true });
  if (stream === 1) shown.stdout += text;
  else shown.stderr += text;
  showText(shown, text);
}

/** Puts text on the terminal alone: the echo of what was typed. */
export function showText(shown: Shown, text: string): void {
  const lines = shown.tty ? text.replace(/(?<!\r)\n/g, "\r\n") : text;
  shown.raw += lines;
  if (shown.screen !== null) feedScreen(shown.screen, lines);
}

/** The text on the screen, what scrolled off included. */
export function screenText(shown: Shown): string {
  return shown.screen === null ? "" : screenLines(shown.screen).join("\n");
}

/** The last lines of the screen, as a recorder keeps them. */
export function screenTail(shown: Shown, count = 8): string[] {
  return shown.screen === null ? [] : screenLines(shown.screen).slice(-count);
}
