/**
 * Direct gets: a stream answers with the message itself, past the API, one or a batch.
 * Source: nats-server `server/stream.go` `processDirectGetRequest`,
 * `processDirectGetLastBySubjectRequest`.
 */
import { type Decoded, decodeLoosely, GoDecodeError, wholeNumber } from "../../jetstream/index.ts";
import { decodeText } from "../../protocol/index.ts";
import { needsHigherLevel } from "../api/api-level.ts";
import { messageGetRequest } from "../api/stream-messages.ts";
import type { InternalEvent, MessageArrived } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import {
  type DirectAnswer,
  sendDirectBatch,
  sendDirectLasts,
  sendStatus,
} from "./stream-direct-send.ts";
import { findStream } from "./stream-lookup.ts";

const prefix = "$JS.API.DIRECT.GET.";

export function onDirectGet(server: ServerState, io: ServerIo, event: InternalEvent): void {
  if (event.kind !== "message" || event.target.kind !== "direct-get") return;
  const asset = findStream(server, event.account, event.target.stream);
  const { reply } = event.message;
  if (asset === null || reply === null) return;
  const answer: DirectAnswer = { server, io, asset, reply };
  if (needsHigherLevel(event.message.headers)) {
    sendStatus(answer, 412, "Required Api Level");
    return;
  }
  const key = keyOf(event);
  const request = readRequest(event);
  if (request === null) sendStatus(answer, 408, "Malformed Request");
  else if (key !== null) getByKey(answer, request, key);
  else if (event.message.payload.length === 0) sendStatus(answer, 408, "Empty Request");
  else getByBody(answer, request);
}

/**
 * The subject whose last message is asked for, when the request's subject names one. Before it
 * stands the stream that was asked: for a mirror that answers, the other one's name.
 */
function keyOf({ message }: MessageArrived): string | null {
  const end = message.subject.indexOf(".", prefix.length);
  return end < 0 ? null : message.subject.slice(end + 1);
}

/** Unlike the API, a direct get does not mind fields that it does not know. */
function readRequest(event: MessageArrived): Decoded | null {
  const text = decodeText(event.message.payload);
  if (text === "") return {};
  try {
    return decodeLoosely(text, messageGetRequest);
  } catch (error) {
    if (error instanceof GoDecodeError) return null;
    throw error;
  }
}

function getByKey(answer: DirectAnswer, request: Decoded, key: string): void {
  const isPlain = Object.keys(request).every(
    (field) => field === "no_hdr" || isZero(request, field),
  );
  if (key === "" || !isPlain) {
    sendStatus(answer, 408, "Bad Request");
    return;
  }
  sendDirectBatch(answer, { ...request, last_by_subj: key });
}

function getByBody(answer: DirectAnswer, request: Decoded): void {
  const has = (field: string): boolean => !isZero(request, field);
  const selects = ["seq", "last_by_subj", "next_by_subj", "multi_last", "start_time"];
  if (!selects.some(has)) {
    sendStatus(answer, 408, "Empty Request");
    return;
  }
  const conflicts =
    (has("seq") && has("last_by_subj")) ||
    (has("seq") && has("start_time")) ||
    (has("start_time") && has("last_by_subj")) ||
    (has("last_by_subj") && has("next_by_subj")) ||
    (has("last_by_subj") && wholeNumber(request, "batch") > 0) ||
    (has("last_by_subj") && has("multi_last")) ||
    (has("next_by_subj") && has("multi_last")) ||
    (has("up_to_seq") && has("up_to_time"));
  if (conflicts) sendStatus(answer, 408, "Bad Request");
  else if (has("multi_last")) sendDirectLasts(answer, request);
  else sendDirectBatch(answer, request);
}

/** Go cannot tell a field that was not given from one that holds its type's zero. */
function isZero(request: Decoded, field: string): boolean {
  const value = request[field];
  if (value === undefined || value === "" || value === 0 || value === false) return true;
  return Array.isArray(value) && value.length === 0;
}
