/** The first entry of an archive: what the stream held. */
import { isJsonObject, JsonError, type JsonObject, parseJson } from "../../protocol/index.ts";
import { ArchiveError } from "./archive.ts";

export interface ArchivedState {
  readonly messages: number;
  readonly bytes: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly consumers: number;
}

/** Throws `ArchiveError`. */
export function readArchivedState(text: string): ArchivedState {
  const state = parseState(text);
  const field = (name: string): number => {
    const value = state[name] ?? 0;
    if (typeof value === "number" && Number.isSafeInteger(value)) return value;
    throw new ArchiveError(`error in state.json: windtunnel does not support this ${name}`);
  };
  return {
    messages: field("messages"),
    bytes: field("bytes"),
    firstSeq: field("first_seq"),
    lastSeq: field("last_seq"),
    consumers: field("consumer_count"),
  };
}

/** Source: nats-server `RestoreStreamV2`. Throws `ArchiveError`. */
export function checkArchivedState(state: ArchivedState): void {
  const { messages, firstSeq, lastSeq, consumers } = state;
  const invalid = (why: string): ArchiveError => new ArchiveError(`invalid stream state: ${why}`);
  if (consumers < 0) throw invalid("negative consumer count");
  const inconsistent = invalid("inconsistent message count or sequence range");
  if (firstSeq === 0) {
    if (lastSeq !== 0 || messages !== 0) throw inconsistent;
  } else if (firstSeq > lastSeq) {
    if (firstSeq - 1 !== lastSeq || messages !== 0) throw inconsistent;
  } else if (messages > lastSeq - firstSeq + 1) {
    throw invalid("message count exceeds sequence range");
  }
}

function parseState(text: string): JsonObject {
  try {
    const value = parseJson(text);
    if (isJsonObject(value)) return value;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new ArchiveError(`error in state.json: ${error.message}`);
  }
  throw new ArchiveError("error in state.json: json: cannot unmarshal into server.StreamState");
}
