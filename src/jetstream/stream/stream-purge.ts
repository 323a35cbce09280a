/** Purging: everything, what matches, what is old, all but the newest. */
import type { StreamSeq } from "../../kernel/index.ts";
import { messageSubject } from "./store/message-read.ts";
import { nextMatch, numPending } from "./store/message-search.ts";
import { compactBelow, purgeAll, removeMessage } from "./store/message-store.ts";
import type { PurgedEffect, PurgeEntry, StreamEffect, StreamState } from "./stream-shape.ts";

/**
 * Carries out a purge and tells it as one effect; answers how many messages went.
 * Source: nats-server `server/filestore.go` `PurgeEx`, `server/stream.go` `purgeLocked`.
 */
export function purgeStream(
  stream: StreamState,
  purge: Omit<PurgeEntry, "kind">,
  out: StreamEffect[],
): number {
  const { removed, only } = purgeStore(stream, purge);
  const { seqFirst, seqLast } = stream.store;
  out.push({ kind: "purged", filter: purge.filter, seqFirst, seqLast, removed, only });
  return removed;
}

interface Purged {
  readonly removed: number;
  readonly only: PurgedEffect["only"];
}

function purgeStore(stream: StreamState, purge: Omit<PurgeEntry, "kind">): Purged {
  const { store } = stream;
  const { filter, seq, keep } = purge;
  // "Below 1" is nothing.
  if (seq === 1) return { removed: 0, only: null };
  if (filter === "" || filter === ">") {
    if (seq === 0 && keep === 0) return { removed: purgeAll(store), only: null };
    if (seq > 1) return { removed: compactBelow(store, seq), only: null };
  }
  const filters = filter === "" ? [] : [filter];
  const total = numPending(store, filters, 0 as StreamSeq);
  const most = keep > 0 ? total - keep : total;
  const before = seq > 0 ? seq : store.seqLast + 1;
  let removed = 0;
  let at = nextMatch(store, filters, 0 as StreamSeq);
  const first = at;
  // The file store tells of the purge's filter where the memory store tells of the message.
  const pattern = filter === "" ? ">" : filter;
  const ofMessage = first === null ? null : messageSubject(store, first);
  const subject = store.storage === "file" ? pattern : ofMessage;
  while (at !== null && at < before && removed < most) {
    removeMessage(store, at);
    removed += 1;
    at = nextMatch(store, filters, (at + 1) as StreamSeq);
  }
  const isOnly = removed === 1 && first !== null && subject !== null;
  return { removed, only: isOnly ? { seq: first, subject } : null };
}
