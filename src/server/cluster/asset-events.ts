/** What streams and consumers on this server tell the meta layer. */
import type { ApiErrorBody } from "../../jetstream/index.ts";
import type { StreamAsset } from "../assets/jetstream-state.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";

/** A stream, or a consumer of it when `consumer` is given, on the server where it happened. */
export interface AssetPlace {
  readonly server: ServerState;
  readonly io: ServerIo;
  readonly asset: StreamAsset;
  /** The consumer's name; null for the stream itself. */
  readonly consumer: string | null;
}

/** What could not be taken up: its stream may not be here at all. */
export interface FailedAsset {
  readonly account: string;
  readonly stream: string;
  readonly consumer: string | null;
  readonly error: ApiErrorBody;
}

/**
 * Leadership of an asset came to this server (`isLeader`, after all before it was applied) or left
 * it; for an asset without a group once, right after it was taken up. A leader tells who waits for
 * the asset to be made, and elects itself in an advisory.
 * Source: nats-server `processStreamLeaderChange`, `processConsumerLeaderChange`.
 */
export function onAssetLeader(place: AssetPlace, isLeader: boolean): void {
  void place;
  void isLeader;
}

/** A quorum of the asset's group has been missing. At most one advisory each ten seconds. */
export function onAssetQuorumLost(place: AssetPlace): void {
  void place;
}

/** This server could not make an asset that it was assigned: the meta leader hears of it. */
export function onAssetFailed(server: ServerState, io: ServerIo, failed: FailedAsset): void {
  void server;
  void io;
  void failed;
}

/** A consumer's leader found it unused for too long: the meta leader is asked to remove it. */
export function onConsumerInactive(place: AssetPlace): void {
  void place;
}
