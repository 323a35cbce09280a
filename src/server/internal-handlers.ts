/** Who performs what arrives for the subscribers inside the server: one function a kind. */
import type { InternalEvent, InternalKind } from "./internal.ts";
import type { ServerIo } from "./io.ts";
import { answerSystemRequest } from "./monitoring/system-requests.ts";
import type { AssetTimer } from "./server-timer.ts";
import type { ServerState } from "./state.ts";

export type InternalHandler = (server: ServerState, io: ServerIo, event: InternalEvent) => void;

export const internalHandlers: Partial<Record<InternalKind, InternalHandler>> = {
  system: answerSystemRequest,
};

/** Brings JetStream up from what the disk holds. */
export function startJetStream(_server: ServerState, _io: ServerIo): void {}

export function onAssetTimer(_server: ServerState, _io: ServerIo, _timer: AssetTimer): void {}
