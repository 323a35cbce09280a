// The stream and consumer that a command works on.

import { CommandError } from "../../../grammar/errors.ts";
import { loadConsumer, selectConsumer, selectStream } from "../choose.ts";
import { connect } from "../connection.ts";
import type { NatsContext } from "../context.ts";
import { orFail } from "../failures.ts";
import type { ConsumerInfo } from "../wire.ts";

export interface ConsumerWanted {
  readonly stream: string | undefined;
  readonly consumer: string | undefined;
  readonly force?: boolean;
}

/** Connects and loads the named consumer, or lets a person pick one. */
export async function pickConsumer(
  ctx: NatsContext,
  { stream = "", consumer = "", force = false }: ConsumerWanted,
): Promise<ConsumerInfo> {
  await orFail("setup failed", connect(ctx));
  const known = await tryConsumer(ctx, stream, consumer);
  if (known) return known;
  const name = await pickStreamName(ctx, stream, force);
  return orFail(
    "could not select Consumer",
    selectConsumer(ctx, { stream: name, name: consumer, force }),
  );
}

/** The consumer when both names lead to one, else null. Source: natscli `connectAndSetup`. */
export async function tryConsumer(
  ctx: NatsContext,
  stream: string,
  consumer: string,
): Promise<ConsumerInfo | null> {
  if (stream === "" || consumer === "") return null;
  try {
    return await loadConsumer(ctx, stream, consumer);
  } catch (error) {
    if (error instanceof CommandError) return null;
    throw error;
  }
}

/** The name of the stream, which exists or was picked from a list. */
export async function pickStreamName(
  ctx: NatsContext,
  stream: string,
  force = false,
): Promise<string> {
  const wanted = { name: stream, force, all: ctx.globals.showAll };
  return (await orFail("could not select Stream", selectStream(ctx, wanted))).name;
}
