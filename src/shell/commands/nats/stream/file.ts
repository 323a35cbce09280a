// Stream configurations in files.

import { CommandError } from "../../../grammar/errors.ts";
import type { NatsContext } from "../context.ts";
import type { StreamConfig } from "../wire.ts";

/** The configuration in a file that holds one, or the whole of `stream info --json`. */
export async function readStreamConfig(ctx: NatsContext, path: string): Promise<StreamConfig> {
  const text = new TextDecoder().decode(await ctx.process.readFile(path));
  let parsed: StreamConfig & { readonly config?: StreamConfig };
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : "invalid JSON");
  }
  return parsed.config ?? parsed;
}
