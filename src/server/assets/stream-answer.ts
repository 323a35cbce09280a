/** What a stream answers to a publisher. */
import type { ApiErrorBody } from "../../jetstream/index.ts";
import { createMessage, encodeJson, encodeText, quoteJson } from "../../protocol/index.ts";
import { publishInternal } from "../interest/route.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { trace } from "../trace-record.ts";
import type { StreamAsset } from "./jetstream-state.ts";

/** A stream with the server that it is on. */
export interface StreamPlace {
  readonly server: ServerState;
  readonly io: ServerIo;
  readonly asset: StreamAsset;
}

/** The bytes of an ack are the server's own, blanks included. `extra` begins with a comma. */
export function ackText({ server, asset }: StreamPlace, seq: number, extra = ""): string {
  const domain = server.jetstream?.domain ?? "";
  const where = domain === "" ? "" : `,"domain":${quoteJson(domain)}`;
  return `{"stream":${quoteJson(asset.name)}${where},"seq":${seq}${extra}}`;
}

/** The ack of a batch: `seq` is the last one stored. */
export function batchAckText(place: StreamPlace, seq: number, id: string, count: number): string {
  return ackText(place, seq, `,"batch":${quoteJson(id)},"count":${count}`);
}

export function refusalText(place: StreamPlace, error: ApiErrorBody): string {
  return encodeJson({ error: { ...error }, stream: place.asset.name, seq: 0 });
}

/** Sends an answer, unless nobody waits for one or the stream gives none. */
export function answerPublisher(place: StreamPlace, reply: string | null, text: string): void {
  const { server, io, asset } = place;
  if (reply === null || asset.state.config.no_ack) return;
  if (io.tracing) {
    const fields = { account: asset.account, stream: asset.name, subject: reply };
    trace(server, io, "puback", { ...fields, size: text.length, detail: text });
  }
  const message = createMessage(reply, null, null, encodeText(text));
  publishInternal(server, io, { account: asset.account, message });
}

/** Refuses a message, and notes why. */
export function refusePublisher(
  place: StreamPlace,
  message: { readonly subject: string; readonly reply: string | null },
  error: ApiErrorBody,
): void {
  const { server, io, asset } = place;
  if (io.tracing) {
    const { subject } = message;
    const fields = { account: asset.account, stream: asset.name, subject };
    trace(server, io, "refused", { ...fields, detail: error.description });
  }
  answerPublisher(place, message.reply, refusalText(place, error));
}
