/** What the parser does not take, in the words of nats-server's log. */
import { ProtocolError } from "./errors.ts";
import type { Span } from "./parser-arguments.ts";
import { quoteBytes } from "./quote.ts";

/** How much of what was read the log shows. Source: nats-server `PROTO_SNIPPET_SIZE`. */
const snippetBytes = 32;

/** Source: nats-server `parse` at `parseErr`, `protoSnippet`: the last byte may be left out. */
export function wrongByte(state: number, bytes: Uint8Array, at: number): ProtocolError {
  const end = at + snippetBytes > bytes.length ? bytes.length - 1 : at + snippetBytes;
  const snippet = quoteBytes(bytes.subarray(at, end));
  const detail = `Client parser ERROR, state=${state}, i=${at}: proto='${snippet}...'`;
  return new ProtocolError("Unknown Protocol Operation", detail);
}

/** A line whose arguments make no sense: the end, without a word. */
export function badLine(why: string, line: Uint8Array, { start, end }: Span): ProtocolError {
  return new ProtocolError(null, `${why}: ${quoteBytes(line.subarray(start, end))}`);
}

export function lineTooLong(): ProtocolError {
  return new ProtocolError("maximum control line exceeded");
}
