/**
 * The simulated disk. A file is the live plain-data object itself (a stream's state, a consumer's);
 * what has reached the platter is a fork of it, taken when it was last synced.
 *
 *     server writes ──► live object ──(sync_interval, or always)──► synced image
 *     process kill: live stays.   Power loss: live becomes what the image holds.
 */
import {
  assert,
  clearTimer,
  type DurationNanos,
  drawBelow,
  fork,
  minutes,
  plus,
  setTimer,
  sortedKeys,
  timerAt,
} from "../kernel/index.ts";
import type { DiskIo } from "../server/index.ts";
import type { EventOf } from "./events.ts";
import type { Host } from "./host.ts";
import type { Doors, World } from "./world.ts";

export interface DiskFile {
  readonly path: string;
  /** The object that the server mutates. */
  live: object;
  /** What a power loss leaves: a value, which every checkpoint shares. */
  synced: object;
  unsyncedBytes: number;
  /** Written since it was last synced. */
  dirty: boolean;
}

export interface Disk {
  readonly files: Map<string, DiskFile>;
  /** Paths that were removed since the last sync and come back with a power loss. */
  readonly removed: Map<string, object>;
  /** `sync_interval`; null is `sync: always`. */
  syncInterval: DurationNanos | null;
}

// Source: nats-server server/filestore.go defaultSyncInterval.
const defaultSyncInterval = minutes(2);

export function createDisk(): Disk {
  return { files: new Map(), removed: new Map(), syncInterval: defaultSyncInterval };
}

export function unsyncedBytes(disk: Disk): number {
  let bytes = 0;
  for (const file of disk.files.values()) bytes += file.unsyncedBytes;
  return bytes;
}

/** The disk as a server on this host sees it. */
export function openDisk(world: World, host: Host): DiskIo {
  const { disk } = host;
  return {
    open<T>(path: string, create: () => T): T {
      const known = disk.files.get(path);
      if (known !== undefined) return known.live as T;
      const live = create();
      assert(typeof live === "object" && live !== null, `file ${path} holds no object`);
      // Our model: a new file's name and first contents survive (ext4 commits metadata every 5 s).
      disk.files.set(path, { path, live, synced: imageOf(live), unsyncedBytes: 0, dirty: false });
      return live;
    },
    has: (path) => disk.files.has(path),
    list: (prefix) => sortedKeys(disk.files).filter((path) => path.startsWith(prefix)),
    wrote(path, bytes) {
      const file = disk.files.get(path);
      assert(file !== undefined, `a write to ${path}, which is not open`);
      if (disk.syncInterval === null) return;
      file.unsyncedBytes += bytes;
      if (!file.dirty) markDirty(world, host, file);
    },
    sync(path) {
      const file = disk.files.get(path);
      if (file !== undefined) syncFile(file);
    },
    remove(path) {
      const file = disk.files.get(path);
      if (file === undefined) return;
      disk.files.delete(path);
      if (disk.syncInterval === null) return;
      disk.removed.set(path, file.synced);
      armSync(world, host);
    },
  };
}

export function onDiskSync(world: World, _doors: Doors, event: EventOf<"disk-sync">): void {
  const host = world.hosts.get(event.host);
  if (host === undefined || !host.powered) return;
  syncDisk(host.disk);
}

/** Everything written so far survives a power loss from now on. */
export function syncDisk(disk: Disk): void {
  for (const file of disk.files.values()) {
    if (file.dirty) syncFile(file);
  }
  disk.removed.clear();
}

/**
 * What a power loss leaves. Whole: every file as it was last synced. Torn (our model): the
 * operating system had flushed some of the dirty files already, which ones is drawn.
 */
export function losePower(world: World, host: Host, torn: boolean): void {
  const { disk } = host;
  clearTimer(world.kernel, diskOwner(host), "sync");
  // With `sync: always` each write had reached the platter before it was acknowledged.
  if (disk.syncInterval === null) return;
  for (const path of sortedKeys(disk.files)) {
    const file = disk.files.get(path);
    if (file === undefined || !file.dirty) continue;
    if (torn && drawBelow(world.kernel.random, `disk:${host.name}`, 2) === 0) syncFile(file);
    else disk.files.set(path, restored(path, file.synced));
  }
  for (const [path, image] of disk.removed) disk.files.set(path, restored(path, image));
  disk.removed.clear();
}

export function diskOwner(host: Host): string {
  return `disk:${host.name}`;
}

/** Frozen, and with it shared as a whole; nobody writes below it either. */
function imageOf(live: object): object {
  return Object.freeze(fork(live));
}

function restored(path: string, image: object): DiskFile {
  // The image stays: the restored object is written to, and may be lost again. The spread thaws.
  return { path, live: fork({ ...image }), synced: image, unsyncedBytes: 0, dirty: false };
}

function syncFile(file: DiskFile): void {
  file.synced = imageOf(file.live);
  file.unsyncedBytes = 0;
  file.dirty = false;
}

function markDirty(world: World, host: Host, file: DiskFile): void {
  file.dirty = true;
  armSync(world, host);
}

/** The timer runs only while something waits to be synced: an idle world stays idle. */
function armSync(world: World, host: Host): void {
  const { syncInterval } = host.disk;
  if (syncInterval === null) return;
  if (timerAt(world.kernel, diskOwner(host), "sync") !== null) return;
  const at = plus(world.kernel.now, syncInterval);
  setTimer(world.kernel, diskOwner(host), "sync", at, { kind: "disk-sync", host: host.name });
}
