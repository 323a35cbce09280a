/** The header that says where a sourced message is from. Source: `genSourceHeader`, `streamAndSeq`. */
import { type StreamSeq, tableSet } from "../../kernel/index.ts";
import { header, headerOf } from "./publish-headers.ts";
import type { StreamState } from "./stream-shape.ts";

/**
 * `<stream> <sequence> <filters> <destinations> <subject there>`. `indexName` is the source's
 * `sourceIndexName`: its three parts stand around the sequence.
 */
export function originHeader(indexName: string, seq: number, subject: string): string {
  const [stream = "", filters = "", targets = ""] = indexName.split(" ");
  return `${stream} ${seq} ${filters} ${targets} ${subject}`;
}

/** Remembers how far a source has been copied, also when its messages are gone again. */
export function trackOrigin(stream: StreamState, headers: Uint8Array | null): void {
  if (headers === null || stream.config.sources.length === 0) return;
  const fields = headerOf(headers, header.streamSource).split(" ");
  const [name, seq, filters, targets] = fields;
  if (fields.length < 4 || !/^\d+$/.test(seq ?? "")) return;
  tableSet(stream.origins, `${name} ${filters} ${targets}`, Number(seq) as StreamSeq);
}
