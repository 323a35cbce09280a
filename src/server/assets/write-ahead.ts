/**
 * A stream's changes reach its file before they are made, so that nothing is acknowledged that a
 * full disk did not take. Who met it answers no publisher any more until the server starts again;
 * other streams go on.
 * Source: nats-server `fileStore.setWriteErr`, `stream.setWriteErrLocked`.
 */
import { ApiError, type ApiErrorName, type StreamEntry } from "../../jetstream/index.ts";
import { minus, seconds } from "../../kernel/index.ts";
import { DiskError, type ServerIo } from "../io.ts";
import type { StreamAsset } from "./jetstream-state.ts";

/** The log tells of messages that are not stored so often. Source: `RateLimitErrorf`. */
const tellInterval = seconds(1);

/** All of them or none. Throws DiskError: then they must not be made. */
export function writeAhead(
  io: ServerIo,
  asset: StreamAsset,
  entries: readonly StreamEntry[],
): void {
  if (asset.path === null || io.disk.writeAhead === undefined) return;
  // A configuration has a file of its own there.
  const isOfConfig = entries[0]?.kind === "update";
  const stores = entries[0]?.kind === "store";
  if (asset.broken !== undefined && !isOfConfig) {
    if (stores) tellOfMessage(io, asset);
    throw asset.broken.error;
  }
  try {
    io.disk.writeAhead(asset.path, entries);
  } catch (error) {
    if (error instanceof DiskError && !isOfConfig) breakFile(io, asset, error);
    if (error instanceof DiskError && stores) tellOfMessage(io, asset);
    throw error;
  }
}

/** As `writeAhead`, of what nobody is promised: a start may bring back what was removed so. */
export function tryWriteAhead(io: ServerIo, asset: StreamAsset, entry: StreamEntry): void {
  if (asset.broken !== undefined) return;
  try {
    writeAhead(io, asset, [entry]);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}

/** Performs what was asked for; a disk that does not take it is the reason in the answer. */
export function orDiskFailure<T>(constant: ApiErrorName, perform: () => T): T {
  try {
    return perform();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    throw new ApiError(constant, { err: error.message });
  }
}

function breakFile(io: ServerIo, asset: StreamAsset, error: DiskError): void {
  asset.broken = { error, toldAt: null };
  io.log("error", `Filestore [${asset.name}] Critical write error: ${error.message}`);
}

function tellOfMessage(io: ServerIo, asset: StreamAsset): void {
  const { broken } = asset;
  if (broken === undefined) return;
  const { toldAt, error } = broken;
  if (toldAt !== null && minus(io.now, toldAt) < tellInterval) return;
  broken.toldAt = io.now;
  const stream = `stream '${asset.account} > ${asset.name}'`;
  io.log("error", `JetStream failed to store a msg on ${stream}: ${error.message}`);
  if (toldAt === null)
    io.log("error", `JetStream ${stream} critical write error: ${error.message}`);
}
