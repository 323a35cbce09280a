/**
 * The simulated disk. A file is the live plain-data object itself (a stream's state, a consumer's);
 * what has reached the platter is a fork of it, taken when it was last synced.
 *
 *     server writes ──► live object ──(sync_interval, or always)──► synced image
 *     process kill: live stays.   Power loss: live becomes what the image holds.
 */
import type { DurationNanos } from "../kernel/index.ts";

export interface DiskFile {
  readonly path: string;
  /** The object that the server mutates. */
  live: object;
  /** What a power loss leaves; null: nothing of this file was ever synced. */
  synced: object | null;
  unsyncedBytes: number;
}

export interface Disk {
  readonly files: Map<string, DiskFile>;
  /** `sync_interval`; null is `sync: always`. Source: nats-server filestore.go defaultSyncInterval. */
  syncInterval: DurationNanos | null;
}
