/** From what a leader has checked to what its group is asked to agree upon. */
import {
  commitStaged,
  type createStaged,
  type StoreEntry,
  type StreamEntry,
} from "../../../jetstream/index.ts";
import { fork, type StreamSeq } from "../../../kernel/index.ts";
import { propose } from "../../groups/propose.ts";
import type { ServerState } from "../../state.ts";
import type { StreamAsset } from "../jetstream-state.ts";
import { groupOfStream, type MessageProposal, type StreamProposal } from "./stream-replica.ts";

/** Beside subject, reply, headers and payload. Source: `encodeStreamMsgAllowCompress`. */
const messageOverhead = 33;
/** A delete or a purge, without what names it. */
const changeBytes = 64;

/** What waits to be proposed, and what was staged for it. */
export interface CheckedMessage extends Omit<MessageProposal, "kind"> {
  readonly staged: ReturnType<typeof createStaged>;
}

/** One message. False when this server does not lead any more. */
export function proposeStore(
  server: ServerState,
  asset: StreamAsset,
  { staged, ...checked }: CheckedMessage,
): boolean {
  const entry = keptEntry(checked.entry);
  const proposal: StreamProposal = { kind: "message", ...checked, entry };
  const bytes = entryBytes(entry) + (checked.reply?.length ?? 0);
  return proposeChecked(server, asset, proposal, { staged, bytes });
}

/** Messages that are stored together or not at all. */
export function proposeBatch(
  server: ServerState,
  asset: StreamAsset,
  batch: {
    readonly entries: readonly StoreEntry[];
    readonly id: string;
    readonly reply: string | null;
    readonly staged: ReturnType<typeof createStaged>;
  },
): boolean {
  const { id, reply, staged } = batch;
  const entries = batch.entries.map(keptEntry);
  let bytes = 0;
  for (const entry of entries) bytes += entryBytes(entry) + id.length;
  const proposal: StreamProposal = { kind: "batch", entries, id, reply };
  return proposeChecked(server, asset, proposal, { staged, bytes });
}

/** Any other change; `request` comes back to the meta layer when it is done, null to nobody. */
export function proposeChange(
  server: ServerState,
  asset: StreamAsset,
  entry: StreamEntry,
  request: unknown = null,
): boolean {
  const isCopy = entry.kind === "copy";
  const kept = isCopy ? { ...entry, ...keptBytes(entry) } : entry;
  const size = isCopy ? messageOverhead + entry.payload.length : changeBytes;
  return push(server, asset, { kind: "change", entry: kept, request }, size);
}

/** The stream as it is here, for all members. */
export function proposeRestored(server: ServerState, asset: StreamAsset): boolean {
  const stream = fork(asset.state);
  return push(server, asset, { kind: "restored", stream }, changeBytes + stream.store.bytes);
}

/** A mirror's numbers up to this one are used up. */
export function proposeSkip(server: ServerState, asset: StreamAsset, seq: number): boolean {
  return push(server, asset, { kind: "skip-to", seq }, messageOverhead);
}

/** Removes messages that no consumer needs: the leader's to propose, others only hear of it. */
export function proposeRemovals(
  server: ServerState,
  asset: StreamAsset,
  seqs: readonly StreamSeq[],
): void {
  if (asset.replica?.leads !== true) return;
  for (const seq of seqs) {
    proposeChange(server, asset, { kind: "remove", seq, reason: "acked" });
  }
}

function proposeChecked(
  server: ServerState,
  asset: StreamAsset,
  proposal: StreamProposal,
  { staged, bytes }: { staged: CheckedMessage["staged"]; bytes: number },
): boolean {
  const isProposed = push(server, asset, proposal, bytes);
  if (isProposed && staged.inflight !== null) commitStaged(staged.inflight, staged);
  return isProposed;
}

function push(
  server: ServerState,
  asset: StreamAsset,
  proposal: StreamProposal,
  bytes: number,
): boolean {
  const group = groupOfStream(server, asset);
  if (group === null || asset.replica?.leads !== true) return false;
  return propose(server, group, Object.freeze(proposal), bytes);
}

/** With bytes of its own: those of a message that comes in are its connection's. */
function keptEntry(entry: StoreEntry): StoreEntry {
  return { ...entry, ...keptBytes(entry) };
}

function keptBytes({ headers, payload }: Pick<StoreEntry, "headers" | "payload">) {
  return { headers: headers === null ? null : headers.slice(), payload: payload.slice() };
}

function entryBytes({ subject, headers, payload }: StoreEntry): number {
  return messageOverhead + subject.length + (headers?.length ?? 0) + payload.length;
}
