/**
 * What JetStream runs, under one roof: a page brings it with the first request for it
 * (jetstream-door.ts). Whoever runs without must come here through the door alone.
 */
import { printStreamConfig } from "../../jetstream/index.ts";
import { consumerDocument, streamDocument } from "../api/documents.ts";
import { clusterOfStream, printState } from "../api/stream-info.ts";
import { printOrigins } from "../api/stream-origin-info.ts";
import { infoOf } from "../assets/consumers/consumer-create.ts";
import { dismissPulls } from "../assets/consumers/consumer-dismiss.ts";
import { announceStreams, restoreStreams } from "../assets/stream-restore.ts";
import { internalHandlers, onAssetTimer } from "../internal-handlers.ts";

export const jetStreamParts = {
  announceStreams,
  clusterOfStream,
  consumerDocument,
  dismissPulls,
  infoOf,
  internalHandlers,
  onAssetTimer,
  printOrigins,
  printState,
  printStreamConfig,
  restoreStreams,
  streamDocument,
};
