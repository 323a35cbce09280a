/** An xterm that shows one terminal of the world and edits its line. Owns the DOM of its screen. */
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import type { Completion, ScreenSize } from "../../../worker/api.ts";
import type { TerminalView as TerminalState } from "../../../worker/frames.ts";
import { sendKey, sendSignal, submit, takeProposals } from "../../actions/submit.ts";
import { engine } from "../../engine.ts";
import { attachScreen } from "../../screens.ts";
import { type Palette, readPalette } from "../canvas/draw/palette.ts";
import { splitKeys } from "./keys.ts";
import {
  createLine,
  historyGhost,
  insertText,
  type LineState,
  pressKey,
  replaceText,
  searchHit,
} from "./line-editor.ts";

export interface TerminalHints {
  /** Shown after the caret while the line is empty. */
  readonly idle: string;
}

const quiet = "\x1b[38;5;8m";
const typed = "\x1b[97m";
const plain = "\x1b[0m";

const fontFamily = '"Commit Mono", "DejaVu Sans Mono", monospace';
const fontSize = 13;
const lineHeight = 1.36;

export class TerminalScreen {
  readonly #term: Terminal;
  readonly #fit = new FitAddon();
  readonly #tty: string;
  #line: LineState = createLine();
  #state: TerminalState;
  #idle = "";
  /** Rows above the caret that the prompt and line occupy; -1 while no prompt is shown. */
  #shown = -1;
  #atLineStart = true;
  #isUsed = false;
  /** Typed while candidates are being asked for; it follows when they have come. */
  #held: string | null = null;
  readonly #stops: (() => void)[] = [];
  onPaste: ((text: string) => void) | null = null;

  constructor(host: HTMLElement, state: TerminalState) {
    this.#tty = state.id;
    this.#state = state;
    this.#term = new Terminal({
      ...sizeFor(host),
      fontFamily,
      fontSize,
      lineHeight,
      scrollback: 5000,
      convertEol: true,
      cursorBlink: false,
      cursorStyle: "block",
      cursorInactiveStyle: "outline",
      allowTransparency: true,
      theme: themeOf(readPalette(document.documentElement)),
    });
    this.#term.loadAddon(this.#fit);
    this.#term.open(host);
    this.#term.textarea?.setAttribute("aria-label", "Terminal");
    this.#term.onData((data) => this.#hear(data));
    this.#term.attachCustomKeyEventHandler((event) => !isPageKey(event));
    this.#stops.push(
      attachScreen(this.#tty, {
        write: (bytes) => this.#print(bytes),
        replace: (chunks, history) => this.#replace(chunks, history),
      }),
      takeProposals((line) => this.#take(line)),
    );
    this.fit();
    // Measures each row by itself, which the first paint does not wait for.
    const spoken = setTimeout(() => {
      this.#term.options.screenReaderMode = true;
    }, 500);
    this.#stops.push(() => clearTimeout(spoken));
  }

  update(state: TerminalState, hints: TerminalHints): void {
    const same =
      state.busy === this.#state.busy &&
      state.prompt === this.#state.prompt &&
      hints.idle === this.#idle;
    this.#state = state;
    this.#idle = hints.idle;
    this.#term.options.cursorStyle = hints.idle === "" ? "block" : "bar";
    if (!same || this.#shown < 0) this.#draw();
  }

  /** Of the pane, in characters: what the programs of the next line may fill. */
  get size(): ScreenSize {
    const { cols, rows } = this.#term;
    return { cols, rows };
  }

  fit(): void {
    if (this.#term.element?.offsetParent == null) return;
    this.#fit.fit();
    this.#draw();
  }

  focus(): void {
    this.#term.focus();
  }

  dye(): void {
    this.#term.options.theme = themeOf(readPalette(document.documentElement));
  }

  /** Puts text in as if it had been typed; a pasted script is asked about first. */
  insert(text: string): void {
    this.#line = insertText(this.#line, text);
    this.#draw();
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    this.#term.dispose();
  }

  #take(text: string): void {
    this.#line = replaceText(this.#line, text);
    this.#draw();
    this.focus();
  }

  #replace(chunks: readonly Uint8Array[], history: readonly string[]): void {
    // A screen on which nothing stands yet is not cleared: that costs as much as drawing it.
    if (this.#isUsed) this.#term.reset();
    this.#isUsed = true;
    this.#shown = -1;
    this.#atLineStart = true;
    this.#line = { ...createLine(history), text: this.#line.text, cursor: this.#line.cursor };
    for (const chunk of chunks) this.#print(chunk);
    this.#draw();
  }

  #print(bytes: Uint8Array): void {
    this.#erase();
    this.#term.write(bytes);
    const last = bytes[bytes.length - 1];
    if (last !== undefined) this.#atLineStart = last === 0x0a || last === 0x0d;
    if (!this.#state.busy) this.#draw();
  }

  #hear(data: string): void {
    if (this.#state.raw) {
      void sendKey(this.#tty, data, this.size);
      return;
    }
    const pasted = data.length > 1 && /[\r\n]./s.test(data) && !data.startsWith("\x1b");
    if (pasted && this.onPaste !== null) {
      this.onPaste(data.replace(/\r\n?/g, "\n"));
      return;
    }
    this.#pressAll(data);
  }

  #pressAll(data: string): void {
    const keys = splitKeys(data);
    for (const [place, key] of keys.entries()) {
      if (this.#held !== null) {
        this.#held += keys.slice(place).join("");
        return;
      }
      this.#press(key);
    }
  }

  #press(key: string): void {
    const [next, effect] = pressKey(this.#line, key);
    this.#line = next;
    switch (effect.kind) {
      case "submit":
        this.#erase();
        if (effect.line.trim() === "") this.#term.write(`${this.#state.prompt}\r\n`);
        else void submit(effect.line, this.#tty, this.size);
        break;
      case "interrupt":
        if (this.#state.busy) void sendSignal(this.#tty, "INT");
        else {
          this.#erase();
          this.#term.write(`${this.#promptText()}${typed}${this.#line.text}${plain}^C\r\n`);
          this.#line = createLine(this.#line.history);
        }
        break;
      case "end":
        if (this.#state.busy) void sendKey(this.#tty, "\x04");
        break;
      case "clear":
        this.#term.clear();
        break;
      case "complete":
        void this.#complete();
        break;
      case "none":
        break;
    }
    this.#draw();
  }

  async #complete(): Promise<void> {
    this.#held = "";
    const { text, cursor } = this.#line;
    const found = await engine().complete(this.#tty, text, cursor);
    this.#offer(found, text);
    const typed = this.#held;
    this.#held = null;
    this.#pressAll(typed);
  }

  #offer(found: readonly Completion[], text: string): void {
    const first = found[0];
    if (first === undefined) return;
    const shared = found.map((c) => c.line).reduce(commonStart);
    if (found.length === 1) this.#line = replaceText(this.#line, first.line);
    else if (shared.length > text.length) this.#line = replaceText(this.#line, shared);
    else this.#list(found.map((c) => c.label));
    this.#draw();
  }

  /** Candidates in columns above the prompt, as a shell lists them. */
  #list(labels: readonly string[]): void {
    this.#erase();
    const width = Math.max(...labels.map((label) => label.length)) + 2;
    const columns = Math.max(1, Math.floor(this.#term.cols / width));
    let out = `${this.#promptText()}${typed}${this.#line.text}${plain}\r\n`;
    for (const [index, label] of labels.slice(0, 120).entries()) {
      out += label.padEnd(width);
      if ((index + 1) % columns === 0) out += "\r\n";
    }
    this.#term.write(out.endsWith("\r\n") ? out : `${out}\r\n`);
  }

  #promptText(): string {
    return `${quiet}${this.#state.prompt}${plain}`;
  }

  #erase(): void {
    if (this.#shown < 0) return;
    const up = this.#shown > 0 ? `\x1b[${this.#shown}A` : "";
    this.#term.write(`${up}\r\x1b[J`);
    this.#shown = -1;
  }

  #draw(): void {
    if (this.#state.busy || this.#state.raw) {
      this.#erase();
      return;
    }
    this.#erase();
    if (!this.#atLineStart) {
      this.#term.write("\r\n");
      this.#atLineStart = true;
    }
    const { search, text, cursor } = this.#line;
    const prompt = search === null ? this.#state.prompt : `(search) ${search}: `;
    const body = search === null ? text : searchHit(this.#line);
    const ghost =
      search !== null
        ? ""
        : text === ""
          ? this.#idle && `  ${this.#idle}`
          : historyGhost(this.#line);
    const at = prompt.length + (search === null ? cursor : body.length);
    const cols = Math.max(1, this.#term.cols);
    const total = prompt.length + body.length + ghost.length;
    const rowsDown = Math.floor(Math.max(0, total - 1) / cols) - Math.floor(at / cols);
    let out = `${quiet}${prompt}${typed}${body}${quiet}${ghost}${plain}`;
    if (total > 0 && total % cols === 0) out += " \b";
    out += `${rowsDown > 0 ? `\x1b[${rowsDown}A` : ""}\r`;
    if (at % cols > 0) out += `\x1b[${at % cols}C`;
    this.#term.write(out);
    this.#shown = Math.floor(at / cols);
  }
}

/**
 * About the columns and rows that will fit. A screen made at its size is laid out once, and one
 * made at 80 by 24 twice: a tenth of what its start costs.
 */
function sizeFor(host: HTMLElement): { cols?: number; rows?: number } {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  if (context === null || host.clientHeight === 0) return {};
  context.font = `${fontSize}px ${fontFamily}`;
  const { width, fontBoundingBoxAscent, fontBoundingBoxDescent } = context.measureText("W");
  const high = Math.ceil((fontBoundingBoxAscent + fontBoundingBoxDescent) * devicePixelRatio);
  const row = Math.floor(high * lineHeight) / devicePixelRatio;
  const cols = Math.floor((host.clientWidth - besideText) / width);
  const rows = Math.floor((host.clientHeight - aboveAndBelowText) / row);
  return cols < 2 || rows < 1 ? {} : { cols, rows };
}

/** The padding of `.screen .xterm`, and the scrollbar. */
const besideText = 20 + 8 + 14;
const aboveAndBelowText = 2 + 8;

/** Left to the page; Shift Tab among them, because Tab completes and nobody shall be locked in. */
function isPageKey(event: KeyboardEvent): boolean {
  const command = event.ctrlKey || event.metaKey;
  if (event.key === "Tab" && event.shiftKey) return true;
  return command && (event.key === " " || event.key.toLowerCase() === "k" || isCopy(event));
}

function isCopy(event: KeyboardEvent): boolean {
  return event.shiftKey && event.key.toLowerCase() === "c";
}

function commonStart(a: string, b: string): string {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i += 1;
  return a.slice(0, i);
}

function themeOf(ink: Palette) {
  return {
    background: "#00000000",
    foreground: ink.muted,
    cursor: ink.text,
    cursorAccent: ink.canvas,
    selectionBackground: ink.line,
    scrollbarSliderBackground: "#00000000",
    scrollbarSliderHoverBackground: ink.line,
    scrollbarSliderActiveBackground: ink.line,
    black: ink.canvas,
    brightBlack: ink.muted,
    red: ink.brokenText,
    brightRed: ink.brokenText,
    green: ink.stored,
    brightGreen: ink.stored,
    yellow: ink.waiting,
    brightYellow: ink.waiting,
    magenta: ink.again,
    brightMagenta: ink.again,
    blue: ink.line,
    brightBlue: ink.line,
    cyan: ink.flow,
    brightCyan: ink.flow,
    white: ink.text,
    brightWhite: ink.text,
  };
}
