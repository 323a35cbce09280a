/** What follows from an entry that was applied: the disk, consumers, timers, the trace. */
import type { StreamEffect, StreamEntry } from "../../jetstream/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { trace } from "../trace-record.ts";
import type { StreamAsset } from "./jetstream-state.ts";
import { armExpiry } from "./stream-timers.ts";

export interface Applied {
  readonly entry: StreamEntry;
  readonly effects: readonly StreamEffect[];
}

export function performEffects(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  { entry, effects }: Applied,
): void {
  if (asset.path !== null && effects.length > 0) {
    io.disk.wrote(asset.path, entrySize(entry));
  }
  if (io.tracing) traceEffects(server, io, asset, effects);
  const isNew = entry.kind === "store" || entry.kind === "copy";
  if (isNew && mayExpire(asset)) armExpiry(io, asset);
}

function mayExpire(asset: StreamAsset): boolean {
  const { max_age, allow_msg_ttl, allow_msg_schedules } = asset.state.config;
  return max_age !== 0 || allow_msg_ttl || allow_msg_schedules;
}

/** Bytes that the file grows by: messages count, tombstones and headers hardly do. */
function entrySize(entry: StreamEntry): number {
  if (entry.kind !== "store") return 32;
  return 30 + entry.subject.length + (entry.headers?.length ?? 0) + entry.payload.length;
}

function traceEffects(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  effects: readonly StreamEffect[],
): void {
  const { account, name: stream } = asset;
  for (const effect of effects) {
    switch (effect.kind) {
      case "stored":
      case "skipped": {
        const { seq, subject } = effect;
        const detail = effect.kind === "skipped" ? "no interest" : "";
        trace(server, io, "stored", { account, stream, seq, subject, detail });
        break;
      }
      case "removed": {
        const { seq, subject, reason: detail } = effect;
        trace(server, io, "removed", { account, stream, seq, subject, count: 1, detail });
        break;
      }
      case "purged": {
        const { removed: count, filter: subject, seqFirst: seq } = effect;
        if (count > 0)
          trace(server, io, "removed", { account, stream, seq, subject, count, detail: "purged" });
        break;
      }
      default:
    }
  }
}
