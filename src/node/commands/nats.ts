// windtunnel nats: our `nats` against a real server.

import { on } from "node:events";
import { natsProgram } from "../../shell/index.ts";
import type { Subcommand } from "../main.ts";
import { createNodeProcess } from "../nats/process.ts";

/** Runs `nats` with these words; ends the process with its exit code. */
export const nats: Subcommand = async (words) => {
  const { stdin, stdout, stderr } = process;
  const env = new Map(Object.entries(process.env).map(([key, value]) => [key, value ?? ""]));
  const { context, signal } = createNodeProcess({
    argv: ["nats", ...words],
    env,
    cwd: process.cwd(),
    tty: {
      in: stdin.isTTY === true,
      out: stdout.isTTY === true,
      err: stderr.isTTY === true,
      cols: stdout.columns ?? 80,
      rows: stdout.rows ?? 24,
    },
    stdin,
    write: (bytes) => writeTo(stdout, bytes),
    writeError: (bytes) => writeTo(stderr, bytes),
    rawKeys: () => holdKeys(stdin),
  });
  process.on("SIGINT", () => signal("INT"));
  process.on("SIGTERM", () => signal("TERM"));
  const exit = await natsProgram(context);
  // Timers of a command that a signal ended must not keep the process.
  process.exit(exit);
};

/** Puts the terminal in raw mode until released. */
async function holdKeys(stdin: NodeJS.ReadStream) {
  stdin.setRawMode(true);
  const chunks = on(stdin, "data", { close: ["end"] });
  return {
    next: async () => {
      const { value, done } = await chunks.next();
      return done ? null : new Uint8Array(value[0]);
    },
    release: async () => {
      await chunks.return?.();
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

function writeTo(stream: NodeJS.WriteStream, bytes: Uint8Array): Promise<void> {
  return new Promise((done, fail) => {
    stream.write(bytes, (error) => (error ? fail(error) : done()));
  });
}
