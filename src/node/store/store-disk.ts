/**
 * The disk of a headless server: behind the interface of the simulated one, a store directory that
 * survives the end of the process at any point.
 *
 *     server changes an object ─► changed ─► records in memory ─► flush ─► the operating system
 *                                                                  │
 *     server answers a client ─► send ─────────────────────────────┘ before the answer leaves
 *
 * Streams are written change by change. Consumers are small and written whole, each at most every
 * 100 ms, as nats-server does (`consumerFileStore.flushLoop`); what a kill takes from them is
 * delivered again.
 */
import { mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { applyStreamEntry, type StreamEntry, type StreamState } from "../../jetstream/index.ts";
import { sortedKeys } from "../../kernel/index.ts";
import type { DiskIo, LogLevel } from "../../server/index.ts";
import {
  type AssetFile,
  addChange,
  addImage,
  closeFile,
  createAssetFile,
  draftSuffix,
  flushFile,
  readAssetFile,
  removeAssetFile,
  renewFile,
  syncFile,
} from "./asset-file.ts";
import { readChange, writeChange } from "./changes.ts";

export interface StorePlan {
  /** `store_dir`; everything is in the folder `jetstream` below it. */
  readonly folder: string;
  /** Milliseconds; null syncs with every write. */
  readonly syncMs: number | null;
  readonly log: (level: LogLevel, text: string) => void;
}

/** Source: nats-server `consumerFileStore.flushLoop`. */
const imageIntervalMs = 100;
/** A file may hold so much that is past before it is written anew, twice the present apart. */
const slackBytes = 8 << 20;
const consumerSlackBytes = 64 << 10;
/** A message's share of an image, beside its bytes. */
const rowBytes = 64;
const descriptorsMax = 256;

export class StoreDisk implements DiskIo {
  readonly #plan: StorePlan;
  readonly #files = new Map<string, AssetFile>();
  /** With records that are not written, or with an image to take. */
  readonly #dirty = new Set<AssetFile>();
  /** Whose next image has to wait. */
  readonly #early = new Set<AssetFile>();
  /** Those with a descriptor, the longest unused first. */
  readonly #open = new Set<AssetFile>();
  #flushing: NodeJS.Immediate | null = null;
  #imageTimer: NodeJS.Timeout | null = null;
  #syncTimer: NodeJS.Timeout | null = null;

  /** Reads what is there. Throws StoreError, or the file system's error. */
  constructor(plan: StorePlan) {
    this.#plan = plan;
    mkdirSync(join(plan.folder, "jetstream"), { recursive: true });
    this.#recover(`${plan.folder}/jetstream`);
  }

  open<T>(path: string, create: () => T): T {
    const known = this.#files.get(path);
    if (known !== undefined) return known.live as T;
    const live = create();
    mkdirSync(dirname(path), { recursive: true });
    const file = createAssetFile(path, live as object, 1);
    this.#files.set(path, file);
    this.#use(file);
    this.#armSync();
    return live;
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  list(prefix: string): string[] {
    return sortedKeys(this.#files).filter((path) => path.startsWith(prefix));
  }

  changed(path: string, change: StreamEntry): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    addChange(file, (writer) => writeChange(writer, change));
    this.#mark(file);
  }

  wrote(path: string): void {
    const file = this.#files.get(path);
    // Every change of a stream has been told; of other files only that they changed.
    if (file === undefined || isStream(path)) return;
    if (file.isChanged) return;
    file.isChanged = true;
    const now = performance.now();
    const wait = file.imageAt + imageIntervalMs - now;
    if (wait <= 0) this.#mark(file);
    else {
      this.#early.add(file);
      this.#imageTimer ??= setTimeout(() => this.#takeImages(), Math.ceil(wait));
    }
  }

  sync(path: string): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    this.#dirty.delete(file);
    this.#early.delete(file);
    this.#write(file);
    syncFile(file);
  }

  remove(path: string): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    this.#files.delete(path);
    this.#dirty.delete(file);
    this.#early.delete(file);
    this.#open.delete(file);
    removeAssetFile(file);
    removeEmptyFolders(dirname(path), `${this.#plan.folder}/jetstream`);
  }

  /** Hands over what changed: called before anybody hears that it did. */
  flush(): void {
    if (this.#dirty.size === 0) return;
    for (const file of this.#dirty) this.#write(file);
    this.#dirty.clear();
  }

  /** Everything is written, synced and closed. */
  close(): void {
    if (this.#imageTimer !== null) clearTimeout(this.#imageTimer);
    if (this.#syncTimer !== null) clearTimeout(this.#syncTimer);
    if (this.#flushing !== null) clearImmediate(this.#flushing);
    this.#takeImages();
    this.flush();
    for (const file of this.#files.values()) {
      syncFile(file);
      closeFile(file);
    }
    this.#open.clear();
  }

  #mark(file: AssetFile): void {
    this.#dirty.add(file);
    // What nobody is answered for is written when the turn is over.
    this.#flushing ??= setImmediate(() => {
      this.#flushing = null;
      this.flush();
    });
  }

  #takeImages(): void {
    this.#imageTimer = null;
    for (const file of this.#early) this.#mark(file);
    this.#early.clear();
  }

  #write(file: AssetFile): void {
    if (file.isChanged) addImage(file, performance.now());
    const always = this.#plan.syncMs === null;
    if (isOld(file)) renewFile(file, always);
    else flushFile(file, always);
    this.#use(file);
    if (!always) this.#armSync();
  }

  /** Keeps the descriptors of those that were written to last. */
  #use(file: AssetFile): void {
    this.#open.delete(file);
    this.#open.add(file);
    if (this.#open.size <= descriptorsMax) return;
    const [longest] = this.#open;
    if (longest === undefined) return;
    this.#open.delete(longest);
    closeFile(longest);
  }

  #armSync(): void {
    const { syncMs } = this.#plan;
    if (syncMs === null || this.#syncTimer !== null) return;
    this.#syncTimer = setTimeout(() => {
      this.#syncTimer = null;
      for (const file of this.#files.values()) {
        if (!file.isUnsynced) continue;
        syncFile(file);
        this.#use(file);
      }
    }, syncMs);
    this.#syncTimer.unref();
  }

  /** Takes up the newest readable file of each name; older ones and drafts go. */
  #recover(folder: string): void {
    for (const [path, generations] of generationsIn(folder)) {
      generations.sort((a, b) => b - a);
      for (const generation of generations) {
        if (this.#files.has(path)) rmSync(`${path}.${generation}`, { force: true });
        else this.#takeUp(path, generation);
      }
    }
  }

  #takeUp(path: string, generation: number): void {
    const { log } = this.#plan;
    const found = readAssetFile(path, generation, replay);
    if (found === null) {
      log("warn", `Store file ${path}.${generation} holds nothing whole`);
      return;
    }
    if (found.cut > 0) {
      const what = `${found.cut} bytes of an unfinished write`;
      log("warn", `Store file ${path}.${generation}: cut off ${what} at its end`);
    }
    this.#files.set(path, found.file);
  }
}

function replay(live: object, change: Buffer): void {
  applyStreamEntry(live as StreamState, readChange(change), []);
}

function isStream(path: string): boolean {
  return path.endsWith("/msgs");
}

/** Whether so much of the file is past that it is worth writing anew. */
function isOld(file: AssetFile): boolean {
  if (!isStream(file.path)) return file.bytes > consumerSlackBytes + 2 * file.wholeBytes;
  const { bytes, messages } = (file.live as StreamState).store;
  return file.bytes > slackBytes + 2 * (bytes + messages * rowBytes);
}

/** The numbers behind each name below a folder; drafts are removed. */
function generationsIn(folder: string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const name = `${folder}/${entry}`;
    if (name.endsWith(draftSuffix)) rmSync(name, { force: true });
    const [, path = "", number = ""] = /^(.*\/(?:msgs|state))\.(\d+)$/.exec(name) ?? [];
    if (path === "") continue;
    const generations = found.get(path) ?? [];
    generations.push(Number(number));
    found.set(path, generations);
  }
  return found;
}

/** A stream that is gone leaves no folders behind. */
function removeEmptyFolders(from: string, root: string): void {
  for (let folder = from; folder.startsWith(`${root}/`); folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      // It holds something else.
      return;
    }
  }
}
