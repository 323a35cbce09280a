/** The header that says where a sourced message is from. Source: `genSourceHeader`, `streamAndSeq`. */
import { formatStoredTime, type StreamSeq, tableSet } from "../../kernel/index.ts";
import { shortHash } from "../../protocol/index.ts";
import { header, headerOf } from "./publish-headers.ts";
import type { StreamState } from "./stream-shape.ts";

/** Where a sourced message stood in its origin. */
export interface OriginPlace {
  readonly seq: number;
  readonly subject: string;
  /** The origin's `streamIdentity`, "" when it is not known. */
  readonly identity: string;
}

/**
 * `<stream> <sequence> <filters> <destinations> <subject there> [<identity>]`. `indexName` is the
 * source's `sourceIndexName`: its three parts stand around the sequence.
 */
export function originHeader(indexName: string, { seq, subject, identity }: OriginPlace): string {
  const [stream = "", filters = "", targets = ""] = indexName.split(" ");
  const place = `${stream} ${seq} ${filters} ${targets} ${subject}`;
  return identity === "" ? place : `${place} ${identity}`;
}

/** Tells a stream from another of the same name. Source: nats-server `stream.identity`. */
export function streamIdentity({ created }: Pick<StreamState, "created">): string {
  return shortHash(formatStoredTime(created));
}

/** Remembers how far a source has been copied, also when its messages are gone again. */
export function trackOrigin(stream: StreamState, headers: Uint8Array | null): void {
  if (headers === null || stream.config.sources.length === 0) return;
  const fields = headerOf(headers, header.streamSource).split(" ");
  const [name, seq, filters, targets, , identity = ""] = fields;
  if (fields.length < 4 || !/^\d+$/.test(seq ?? "")) return;
  const mark = { seq: Number(seq) as StreamSeq, identity };
  tableSet(stream.origins, `${name} ${filters} ${targets}`, mark);
}
