/** Limits by which old messages make way. Source: nats-server `enforceMsgLimit` and its sisters. */
import type { StreamSeq } from "../../kernel/index.ts";
import { int64ToNumber } from "../int64.ts";
import { firstOfSubject, messageSubject, subjectCount } from "./store/message-read.ts";
import { eachSubjectCount } from "./store/message-search.ts";
import { removeMessage } from "./store/message-store.ts";
import type { RemoveReason, StreamEffect, StreamState } from "./stream-shape.ts";

/** After a message was stored: its subject's limit, then the stream's. */
export function enforceAfterStore(stream: StreamState, subject: string, out: StreamEffect[]): void {
  enforceSubject(stream, subject, out);
  enforceTotals(stream, out);
}

/** After limits changed: the stream's, then those of all subjects. */
export function enforceAfterUpdate(stream: StreamState, out: StreamEffect[]): void {
  enforceTotals(stream, out);
  const limit = int64ToNumber(stream.config.max_msgs_per_subject);
  if (limit <= 0) return;
  const over: string[] = [];
  eachSubjectCount(stream.store, ">", (subject, count) => {
    if (count > limit) over.push(subject);
  });
  for (const subject of over) enforceSubject(stream, subject, out);
}

/** Removes one message and says so; false when it was not there. */
export function removeWithEffect(
  stream: StreamState,
  seq: StreamSeq,
  reason: RemoveReason,
  out: StreamEffect[],
): boolean {
  const subject = messageSubject(stream.store, seq);
  if (subject === null) return false;
  removeMessage(stream.store, seq);
  out.push({ kind: "removed", seq, subject, reason });
  return true;
}

function enforceSubject(stream: StreamState, subject: string, out: StreamEffect[]): void {
  const limit = int64ToNumber(stream.config.max_msgs_per_subject);
  if (limit <= 0) return;
  while (subjectCount(stream.store, subject) > limit) {
    const oldest = firstOfSubject(stream.store, subject);
    if (oldest === null || !removeWithEffect(stream, oldest, "limits", out)) return;
  }
}

/** With discard new nothing old makes way, not even when a limit is lowered. */
function enforceTotals(stream: StreamState, out: StreamEffect[]): void {
  const { config, store } = stream;
  if (config.discard !== "old") return;
  const messages = int64ToNumber(config.max_msgs);
  while (messages > 0 && store.messages > messages) {
    removeWithEffect(stream, store.seqFirst, "limits", out);
  }
  const bytes = int64ToNumber(config.max_bytes);
  while (bytes > 0 && store.bytes > bytes && store.messages > 0) {
    removeWithEffect(stream, store.seqFirst, "limits", out);
  }
}
