/**
 * What snapshots and restores run, under one roof: brought with the first request for one
 * (backup-door.ts). Whoever runs without must come here through the door alone.
 */
import { onRestoreChunk, onRestoreTimer } from "../backups/restore.ts";
import { onSnapshotAck, onSnapshotInterest, onSnapshotTimer } from "../backups/snapshot.ts";

export const backupParts = {
  onRestoreChunk,
  onRestoreTimer,
  onSnapshotAck,
  onSnapshotInterest,
  onSnapshotTimer,
};
