/** Whether a consumer still needs a message, which interest and workqueue streams ask. */
import { type StreamSeq, tableHas } from "../../kernel/index.ts";
import type { StreamConfig } from "../stream/config/config-shape.ts";
import { matchesAny } from "../stream/store/message-search.ts";
import type { ConsumerState } from "./state.ts";

/**
 * Whether the message must stay for this consumer: it is not acknowledged, or it reached
 * `max_deliver` and nobody has dealt with it.
 * Source: nats-server `server/consumer.go` `needAck`.
 */
export function needsAck(
  consumer: ConsumerState,
  stream: StreamConfig,
  message: { readonly seq: StreamSeq; readonly subject: string },
): boolean {
  const { seq, subject } = message;
  if (isFiltered(consumer.filters, stream.subjects) && !matchesAny(consumer.filters, subject)) {
    return false;
  }
  // Followers know only what was agreed.
  const view = consumer.leader ? null : consumer.store;
  const floor = view?.floorStream ?? consumer.floorStream;
  const delivered = view?.deliveredStream ?? consumer.seqNext - 1;
  const pending = view?.pending ?? consumer.pending;
  const redelivered = view?.redelivered ?? consumer.redelivered;
  if (seq > floor) {
    if (consumer.config.ack_policy !== "explicit") return true;
    if (seq > delivered || tableHas(pending, seq)) return true;
  }
  return tableHas(redelivered, seq);
}

/** Filters that name exactly the stream's subjects take everything. */
function isFiltered(filters: readonly string[], subjects: readonly string[]): boolean {
  if (filters.length === 0) return false;
  if (filters.length !== subjects.length) return true;
  return subjects.some((subject) => !filters.includes(subject));
}
