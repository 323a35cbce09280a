/** The one place where an entry becomes part of a stream. */

import { applyStreamEntry, type StreamEffect, type StreamEntry } from "../../jetstream/index.ts";
import { clusterParts } from "../cluster-door.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { followStream } from "./consumers/consumer-side.ts";
import type { StreamAsset } from "./jetstream-state.ts";
import { performEffects } from "./stream-effects.ts";
import { findAccount } from "./stream-lookup.ts";
import { countBytes } from "./stream-usage.ts";
import { tryWriteAhead, writeAhead } from "./write-ahead.ts";

/**
 * Applies one entry and performs what follows from it; answers the effects of the entry itself. Of
 * a replicated stream these are entries that its group agreed upon. Throws DiskError: then nothing
 * was changed.
 */
export function applyToStream(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  entry: StreamEntry,
): readonly StreamEffect[] {
  const effects = applyEntry(server, io, asset, entry);
  tellConsumers(server, io, asset, effects);
  return effects;
}

/** Tells consumers what happened. They may release messages, and hear of those in turn. */
export function tellConsumers(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  effects: readonly StreamEffect[],
): void {
  if (asset.consumers.size === 0) return;
  const heard = [effects];
  for (let i = 0; i < heard.length; i++) {
    const released = followStream(server, io, asset, heard[i] ?? []);
    if (asset.replica !== undefined) {
      clusterParts().proposeRemovals(server, asset, released);
      continue;
    }
    for (const seq of released) {
      const removal = { kind: "remove", seq, reason: "acked" } as const;
      tryWriteAhead(io, asset, removal);
      heard.push(makeEntry(server, io, asset, removal));
    }
  }
}

/** As `applyToStream`, whether the disk takes it or not: of what nobody is promised. */
export function applyUntold(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  entry: StreamEntry,
): readonly StreamEffect[] {
  tryWriteAhead(io, asset, entry);
  const effects = makeEntry(server, io, asset, entry);
  tellConsumers(server, io, asset, effects);
  return effects;
}

/** The first half of `applyToStream`: everything but the consumers. Throws DiskError. */
export function applyEntry(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  entry: StreamEntry,
): readonly StreamEffect[] {
  if (asset.path !== null) writeAhead(io, asset, [entry]);
  return makeEntry(server, io, asset, entry);
}

/** The second half of `applyEntry`: of what has been written ahead. */
export function makeEntry(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  entry: StreamEntry,
): readonly StreamEffect[] {
  const { state } = asset;
  const before = state.store.bytes;
  const effects: StreamEffect[] = [];
  applyStreamEntry(state, entry, effects);
  const account = findAccount(server, asset.account);
  if (account !== null) countBytes(account, state, state.store.bytes - before);
  performEffects(server, io, asset, { entry, effects });
  return effects;
}
