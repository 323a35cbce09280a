/**
 * The disk of a headless server: behind the interface of the simulated one, a store directory that
 * survives the end of the process at any point.
 *
 *     server is about to change a stream ─► writeAhead ─► records in memory ─► flush ─► the system
 *                                                                               │
 *     server answers a client ─► send ──────────────────────────────────────────┘ before it leaves
 *
 * Records wait in memory only while the disk has room to spare. Near its end each one is written at
 * once, so that the server learns of a full disk before it makes the change.
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
import { DiskError, type DiskIo, type LogLevel } from "../../server/index.ts";
import { isSystemError, pathFailure } from "../system-error.ts";
import {
  type AssetFile,
  addChange,
  addImage,
  closeFile,
  createAssetFile,
  draftSuffix,
  flushFile,
  nameOf,
  readAssetFile,
  removeAssetFile,
  renewFile,
  syncFile,
} from "./asset-file.ts";
import { readChange, writeBytes, writeChange } from "./changes.ts";
import { Room, spareBytes } from "./room.ts";

export interface StorePlan {
  /** `store_dir`; everything is in the folder `jetstream` below it. */
  readonly folder: string;
  /** Milliseconds; null syncs with every write. */
  readonly syncMs: number | null;
  /** Near its end a disk is written to at once: when it has less than this. */
  readonly spare?: number;
  readonly log: (level: LogLevel, text: string) => void;
}

/** Source: nats-server `consumerFileStore.flushLoop`. */
const imageIntervalMs = 100;
/** An image that did not fit waits so long. */
const imageRetryMs = 5000;
/**
 * A file may hold so much that is past before it is written anew, twice the present apart, and no
 * more than this share of what the disk has left.
 */
const slackBytes = 8 << 20;
const slackShare = 1 / 8;
const leastPastBytes = 64 << 10;
const consumerSlackBytes = 64 << 10;
/** A message's share of an image, beside its bytes. */
const rowBytes = 64;
const descriptorsMax = 256;

export class StoreDisk implements DiskIo {
  readonly #plan: StorePlan;
  readonly #room: Room;
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
    this.#room = new Room(plan.folder, plan.spare ?? spareBytes);
    this.#recover(`${plan.folder}/jetstream`);
  }

  open<T>(path: string, create: () => T): T {
    const known = this.#files.get(path);
    if (known !== undefined) return known.live as T;
    const live = create();
    const file = this.#create(path, live as object);
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

  writeAhead(path: string, changes: readonly StreamEntry[]): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    if (this.#dirty.size === 0) this.#room.look();
    const from = file.writer.used;
    for (const change of changes) addChange(file, (writer) => writeChange(writer, change));
    this.#room.take(file.writer.used - from);
    if (this.#room.isScarce) this.#writeNow(file, from);
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
    this.#room.forget();
    removeEmptyFolders(dirname(path), `${this.#plan.folder}/jetstream`);
  }

  /**
   * Hands over what changed: called before anybody hears that it did. Throws the file system's
   * error for changes of streams on a disk that had room to spare: they have been made.
   */
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
    // Images that there was no room for wait in vain.
    if (this.#imageTimer !== null) clearTimeout(this.#imageTimer);
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
    if (!this.#isOld(file) || !this.#renew(file)) {
      if (isStream(file.path)) flushFile(file, this.#always);
      else this.#writeImage(file);
    }
    this.#use(file);
    if (!this.#always) this.#armSync();
  }

  /** An image that does not fit is tried again: nobody has been promised that it is there. */
  #writeImage(file: AssetFile): void {
    if (file.isChanged) addImage(file, performance.now());
    try {
      flushFile(file, this.#always);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#plan.log("warn", `Store: ${failureOf(file, error)}`);
      file.writer.used = 0;
      file.isChanged = true;
      this.#early.add(file);
      this.#imageTimer ??= setTimeout(() => this.#takeImages(), imageRetryMs);
    }
  }

  /**
   * Writes what was noted from `from` on, which nothing has followed from yet. Throws DiskError, and
   * then it is not noted any more.
   */
  #writeNow(file: AssetFile, from: number): void {
    const { writer } = file;
    const noted = Buffer.from(writer.bytes.subarray(from, writer.used));
    writer.used = from;
    flushFile(file, this.#always);
    const failure = this.#tryWrite(file, noted);
    if (failure === null) return;
    const again = this.#makeRoom() ? this.#tryWrite(file, noted) : failure;
    if (again !== null) throw new DiskError(failureOf(file, again));
  }

  /** Null when it was written; else nothing of it was. */
  #tryWrite(file: AssetFile, noted: Buffer): NodeJS.ErrnoException | null {
    writeBytes(file.writer, noted);
    try {
      flushFile(file, this.#always);
      return null;
    } catch (error) {
      file.writer.used = 0;
      if (!isSystemError(error)) throw error;
      return error;
    }
  }

  /** Drops what is past from the files of streams; whether that was anything. */
  #makeRoom(): boolean {
    const streams = [...this.#files.values()].filter(({ path }) => isStream(path));
    const old = streams.filter((file) => pastBytes(file) > leastPastBytes);
    old.sort((a, b) => presentBytes(a) - presentBytes(b));
    return old.map((file) => this.#renew(file)).includes(true);
  }

  /** False when there is no room for it: the file goes on as it is. */
  #renew(file: AssetFile): boolean {
    try {
      renewFile(file, this.#always);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      file.renewFrom = file.bytes + leastPastBytes;
      return false;
    }
    file.renewFrom = 0;
    this.#room.forget();
    return true;
  }

  #create(path: string, live: object): AssetFile {
    const folder = dirname(path);
    try {
      mkdirSync(folder, { recursive: true });
      return createAssetFile(path, live, 1);
    } catch (error) {
      removeEmptyFolders(folder, `${this.#plan.folder}/jetstream`);
      if (!isSystemError(error)) throw error;
      throw new DiskError(pathFailure(error, error.path ?? nameOf(path, 1)));
    }
  }

  get #always(): boolean {
    return this.#plan.syncMs === null;
  }

  /** Whether so much of the file is past that it is worth writing anew. */
  #isOld(file: AssetFile): boolean {
    if (file.bytes < file.renewFrom) return false;
    if (!isStream(file.path)) return file.bytes > consumerSlackBytes + 2 * file.wholeBytes;
    const slack = Math.min(slackBytes, this.#room.bytes * slackShare);
    const past = pastBytes(file);
    return past > leastPastBytes && past > slack + presentBytes(file);
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

/** What an image of the stream would take, nearly. */
function presentBytes({ live }: AssetFile): number {
  const { bytes, messages } = (live as StreamState).store;
  return bytes + messages * rowBytes;
}

/** What would go from the file of a stream with the next image. */
function pastBytes(file: AssetFile): number {
  return file.bytes - Math.max(presentBytes(file), Math.min(file.wholeBytes, leastPastBytes));
}

function failureOf(file: AssetFile, error: NodeJS.ErrnoException): string {
  return pathFailure(error, nameOf(file.path, file.generation));
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
