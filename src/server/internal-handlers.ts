/** Who performs what arrives for the subscribers inside JetStream: one function a kind. */

import { onApiRequest } from "./api/answer.ts";
import {
  onAck,
  onConsumerTimer,
  onDeliveryInterest,
  onFlowAnswer,
  onPull,
  onReset,
} from "./assets/consumers/consumer-inbound.ts";
import { onOriginMessage } from "./assets/origins/stream-origin-inbound.ts";
import { onDirectGet } from "./assets/stream-direct.ts";
import { onStreamTimer } from "./assets/stream-due.ts";
import { onStreamMessage } from "./assets/stream-inbound.ts";
import { backupParts } from "./doors/backup-door.ts";
import type { InternalEvent, InternalKind } from "./internal.ts";
import type { ServerIo } from "./io.ts";
import type { AssetTimer } from "./server-timer.ts";
import type { ServerState } from "./state.ts";

type InternalHandler = (
  server: ServerState,
  io: ServerIo,
  event: InternalEvent,
  at: number,
) => void;

export const internalHandlers: Partial<Record<InternalKind, InternalHandler>> = {
  api: onApiRequest,
  stream: onStreamMessage,
  "direct-get": onDirectGet,
  origin: onOriginMessage,
  ack: onAck,
  next: onPull,
  reset: onReset,
  "flow-control": onFlowAnswer,
  "push-interest": onDeliveryInterest,
  "snapshot-ack": (server, io, event) => backupParts().onSnapshotAck(server, io, event),
  "snapshot-interest": (server, io, event) => backupParts().onSnapshotInterest(server, io, event),
  restore: (server, io, event) => backupParts().onRestoreChunk(server, io, event),
};

export function onAssetTimer(server: ServerState, io: ServerIo, timer: AssetTimer): void {
  if (timer.consumer === null) onStreamTimer(server, io, timer);
  else onConsumerTimer(server, io, timer);
}
