// One run of `nats publish` and the messages that it makes.

import type { MsgHdrs, NatsConnection, Payload } from "@nats-io/nats-core";
import type { Input } from "../../../grammar/define.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { logLine, type NatsContext } from "../context.ts";
import { headersFromFlags } from "../messages.ts";
import { expandTemplate } from "../templates.ts";
import type { publishArgs, publishFlags } from "./publish-flags.ts";

/** The headers that make a stream publish a message later. */
export interface Schedule {
  /** Throws CommandError for flags that do not go together. */
  check(): void;
  addTo(headers: MsgHdrs): void;
}

export type PublishInput = Input<typeof publishFlags, typeof publishArgs>;

export interface PublishJob {
  readonly connection: NatsConnection;
  readonly input: PublishInput;
  readonly schedule: Schedule | null;
}

/** How many messages; more than 20 are sent without a line each (natscli shows a bar). */
export function messageCount(input: PublishInput): number {
  return Math.max(1, input.flags.count);
}

export function isTold(input: PublishInput): boolean {
  return !input.flags.quiet && messageCount(input) <= 20;
}

export interface Prepared {
  readonly subject: string;
  readonly payload: Payload;
  readonly size: number;
  readonly headers: ReturnType<typeof headersFromFlags>;
}

/** Message `count` of a run, with templates filled in. Throws CommandError. */
export async function prepareMessage(
  ctx: NatsContext,
  { input, connection }: PublishJob,
  source: { readonly text: string; readonly count: number },
): Promise<Prepared> {
  const { flags, args } = input;
  const values = { count: source.count, request: null };
  const none = (text: string) => ({ text, fault: null });
  const body = flags.templates ? expandTemplate(ctx, source.text, values) : none(source.text);
  const subject = flags.templates ? expandTemplate(ctx, args.subject, values) : none(args.subject);
  if (body.fault !== null) await logLine(ctx, `Could not parse body template: ${body.fault}`);
  if (subject.fault !== null) {
    await logLine(ctx, `Could not parse subject template: ${subject.fault}`);
  }
  const payload = new TextEncoder().encode(body.text);
  if (payload.length > (connection.info?.max_payload ?? Infinity)) {
    throw new CommandError("nats: maximum payload exceeded");
  }
  const headers = headersFromFlags(ctx, flags.header, source.count);
  return { subject: subject.text, payload, size: payload.length, headers };
}
