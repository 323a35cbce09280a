// The stream that a command works on.

import { loadStream, selectStream } from "../choose.ts";
import { connect } from "../connection.ts";
import type { NatsContext } from "../context.ts";
import { orFail } from "../failures.ts";
import type { StreamInfo } from "../wire.ts";

export interface PickOptions {
  readonly force?: boolean;
  readonly all?: boolean;
  /** What to put before the refusal of a stream that was picked from a list. */
  readonly failure?: string;
}

/** Connects and loads the named stream, or lets a person pick one. */
export async function pickStream(
  ctx: NatsContext,
  name: string | undefined,
  { force = false, all = false, failure = "could not load Stream" }: PickOptions = {},
): Promise<StreamInfo> {
  await orFail("setup failed", connect(ctx));
  const wanted = { name: name ?? "", force, all };
  const chosen = await orFail("could not pick a Stream to operate on", selectStream(ctx, wanted));
  return chosen.info ?? (await orFail(failure, loadStream(ctx, chosen.name)));
}
