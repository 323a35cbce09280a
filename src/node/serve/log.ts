/** Log lines as nats-server writes them: `[pid] 2026/11/21 03:37:05.486696 [INF] text`. */
import { closeSync, openSync, writeSync } from "node:fs";
import { performance } from "node:perf_hooks";
import type { LogLevel } from "../../server/index.ts";

export interface LogOptions {
  /** "" writes to stderr. */
  readonly file: string;
  readonly time: boolean;
  readonly utc: boolean;
  readonly debug: boolean;
  readonly trace: boolean;
}

export interface Log {
  write(level: LogLevel, text: string): void;
  /** Opens the file anew, after somebody has moved it. */
  reopen(): void;
}

const labels: Readonly<Record<LogLevel, string>> = {
  info: "INF",
  debug: "DBG",
  warn: "WRN",
  error: "ERR",
  fatal: "FTL",
  trace: "TRC",
};

const stderrDescriptor = 2;

export function openLog(options: LogOptions): Log {
  const open = (): number => {
    return options.file === "" ? stderrDescriptor : openSync(options.file, "a");
  };
  let descriptor = open();
  return {
    write(level, text) {
      if ((level === "debug" && !options.debug) || (level === "trace" && !options.trace)) return;
      const time = options.time ? `${timestamp(options.utc)} ` : "";
      writeLine(descriptor, `[${process.pid}] ${time}[${labels[level]}] ${text}\n`);
    },
    reopen() {
      if (descriptor === stderrDescriptor) return;
      closeSync(descriptor);
      descriptor = open();
    },
  };
}

/** A pipe that nobody reads, or that has been closed, is no reason to stop serving. */
function writeLine(descriptor: number, line: string): void {
  try {
    writeSync(descriptor, line);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code !== "EAGAIN" && code !== "EPIPE") throw error;
  }
}

/** To the microsecond, in local time unless told otherwise. */
function timestamp(utc: boolean): string {
  const ms = performance.timeOrigin + performance.now();
  const date = new Date(ms);
  const local = utc ? date : new Date(ms - date.getTimezoneOffset() * 60_000);
  const [day = "", time = ""] = local.toISOString().split("T");
  const micros = String(Math.floor((ms % 1000) * 1000)).padStart(6, "0");
  return `${day.replaceAll("-", "/")} ${time.slice(0, 8)}.${micros}`;
}
