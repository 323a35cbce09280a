/** `sh -c LINE`, and `sh` with lines from a file or a pipe: as fast as it goes, no prompt. */
import { emptyScenario } from "../../link/index.ts";
import { Session } from "../../scenario/index.ts";
import { lineProblem } from "../../shell/index.ts";
import type { JsonlOptions } from "./jsonl.ts";

/** The world of a shell that was given none: one server with JetStream. */
export const defaultWorld = { ...emptyScenario, world: ["server"] };

const tty = "sh";

/** Writes as the lines' commands write; resolves with the exit status of the last one. */
export async function runLines(
  lines: AsyncIterable<string> | Iterable<string>,
  options: JsonlOptions,
): Promise<number> {
  const { ground, scenario = defaultWorld, seed = 1 } = options;
  const session = await Session.open(scenario, ground, { seed });
  let status: number | null = 0;
  session.listen({
    output(from, stream, bytes) {
      if (from === tty) (stream === 1 ? process.stdout : process.stderr).write(bytes);
    },
    ended(from, _command, exit) {
      if (from === tty) status = exit;
    },
  });
  const interrupt = (): void => {
    session.signal(tty, "INT").catch(() => undefined);
  };
  process.on("SIGINT", interrupt);
  try {
    for await (const line of wholeLines(lines)) {
      status = null;
      await session.input(line, tty);
      if (status === null) await session.runUntilTrue(() => status !== null);
    }
    return status ?? 0;
  } finally {
    process.off("SIGINT", interrupt);
    await session.dispose();
  }
}

/** Joins lines as long as a quotation, a loop or a here-document is open. */
async function* wholeLines(
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string> {
  let held: string | null = null;
  for await (const line of lines) {
    held = held === null ? line : `${held}\n${line}`;
    if (lineProblem(held)?.incomplete === true) continue;
    if (held.trim() !== "") yield held;
    held = null;
  }
  if (held !== null) yield held;
}
