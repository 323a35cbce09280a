/** What streams ask of the consumers' side; the handlers of consumers live behind these. */
import type { StreamEffect } from "../../jetstream/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { StreamAsset } from "./jetstream-state.ts";

/** Tells each consumer of the stream what happened to it, in order. */
export function followStream(
  _server: ServerState,
  _io: ServerIo,
  _asset: StreamAsset,
  _effects: readonly StreamEffect[],
): void {}

/** Brings the stream's consumers back from the disk after the process started. */
export function restoreConsumers(_server: ServerState, _io: ServerIo, _asset: StreamAsset): void {}

/** The stream is being deleted: its consumers go with it, and those who wait are told. */
export function deleteConsumers(_server: ServerState, _io: ServerIo, _asset: StreamAsset): void {}

/** Whether any consumer of an interest stream wants a message with this subject. */
export function anyConsumerWants(_asset: StreamAsset, _subject: string): boolean {
  return false;
}
