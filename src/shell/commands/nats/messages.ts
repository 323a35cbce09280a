// Headers and bodies of messages: read from flags, written to the terminal.

import { Match, type MsgHdrs, headers as newHeaders } from "@nats-io/nats-core";
import { CommandError } from "../../grammar/errors.ts";
import { type NatsContext, printLine } from "./context.ts";
import { runFilter } from "./filters.ts";
import { expandTemplate } from "./templates.ts";

/**
 * The headers of `-H Name:Value` flags, values expanded as templates.
 * Throws CommandError for one without a colon. Source: natscli v0.4.0 `parseStringsToHeader`.
 */
export function headersFromFlags(
  ctx: NatsContext,
  flags: readonly string[],
  count: number,
): MsgHdrs | undefined {
  if (flags.length === 0) return undefined;
  const headers = newHeaders();
  for (const flag of flags) {
    const colon = flag.indexOf(":");
    if (colon < 0) throw new CommandError(`invalid header ${JSON.stringify(flag)}`);
    const name = flag.slice(0, colon);
    const value = expandTemplate(ctx, flag.slice(colon + 1).trim(), { count, request: null });
    if (value.fault !== null) {
      throw new CommandError(`failed to parse Header template for ${name}: ${value.fault}`);
    }
    headers.append(name.trim(), value.text, Match.Exact);
  }
  return headers;
}

/** Every header line of a message, status first as `Status` and `Description`. */
export function headerPairs(headers: MsgHdrs | undefined): [name: string, value: string][] {
  if (!headers) return [];
  const pairs: [string, string][] = [];
  if (headers.code !== 0) {
    pairs.push(["Status", String(headers.code)]);
    if (headers.description !== "") pairs.push(["Description", headers.description]);
  }
  for (const name of headers.keys()) {
    for (const value of headers.values(name, Match.Exact)) pairs.push([name, value]);
  }
  return pairs;
}

/** Header lines as they stand in the `hdrs` of a stored message (base64). */
export function storedHeaderPairs(encoded: string | undefined): [name: string, value: string][] {
  if (!encoded) return [];
  const text = new TextDecoder().decode(fromBase64(encoded));
  const [, ...lines] = text.split("\r\n");
  return lines
    .filter((line) => line.includes(":"))
    .map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
}

export function fromBase64(encoded: string): Uint8Array {
  return Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
}

export interface Shown {
  readonly data: Uint8Array;
  /** The command that rewrites the body first; "" for none. */
  readonly filter: string;
  readonly subject: string;
  readonly stream: string;
}

/** Writes a body on lines of its own. Source: natscli v0.4.0 `outPutMSGBodyCompact`. */
export async function writeBodyCompact(ctx: NatsContext, shown: Shown): Promise<Uint8Array> {
  if (shown.data.length === 0 && shown.filter === "") {
    await printLine(ctx, "nil body");
    return new Uint8Array();
  }
  const data = await runFilter(ctx, shown);
  await ctx.process.write(data);
  if (!endsWithNewline(data)) await printLine(ctx);
  return data;
}

/** Writes a body and the empty lines after it. Source: natscli v0.4.0 `outPutMSGBody`. */
export async function writeBody(ctx: NatsContext, shown: Shown): Promise<void> {
  const data = await writeBodyCompact(ctx, shown);
  await printLine(ctx);
  if (!endsWithNewline(data)) await printLine(ctx);
}

function endsWithNewline(data: Uint8Array): boolean {
  return data.at(-1) === 10;
}
