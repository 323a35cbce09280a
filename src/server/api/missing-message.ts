/** Why a message could not be deleted. */
import { ApiError } from "../../jetstream/index.ts";
import type { StreamSeq } from "../../kernel/index.ts";
import type { StreamAsset } from "../assets/jetstream-state.ts";

/**
 * `text` is the sequence as it was asked for. The file store tells what lies outside of its blocks from what was deleted inside.
 * Source: nats-server `server/filestore.go` `removeMsg`, `selectMsgBlock`.
 */
export function missingMessage(asset: StreamAsset, seq: StreamSeq, text = String(seq)): ApiError {
  const { store, config } = asset.state;
  if (config.storage === "file") {
    if (seq > store.seqLast) return deleteFailed("stream store EOF");
    if (seq === 0 || store.messages === 0 || seq < store.seqFirst) {
      return deleteFailed("no message found");
    }
  }
  return new ApiError("JSSequenceNotFoundErrF", { seq: text });
}

function deleteFailed(text: string): ApiError {
  return new ApiError("JSStreamMsgDeleteFailedF", { err: text });
}
