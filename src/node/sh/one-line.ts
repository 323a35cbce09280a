/** `sh -c LINE`: one line in a world of its own, as fast as it goes. */
import { emptyScenario } from "../../link/index.ts";
import { Session } from "../../scenario/index.ts";
import type { JsonlOptions } from "./jsonl.ts";

/** The world of a shell that was given none: one server with JetStream. */
export const defaultWorld = { ...emptyScenario, world: ["server"] };

/** Writes as the line's commands write; resolves with its exit status. */
export async function runOneLine(line: string, options: JsonlOptions): Promise<number> {
  const { ground, scenario = defaultWorld, seed = 1 } = options;
  const session = await Session.open(scenario, ground, { seed });
  const tty = "sh";
  let status: number | null = null;
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
    await session.input(line, tty);
    if (status === null) await session.runUntilTrue(() => status !== null);
    return status ?? 0;
  } finally {
    process.off("SIGINT", interrupt);
    await session.dispose();
  }
}
