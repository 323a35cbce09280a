/**
 * One asset (a stream, a consumer) in the file system: first a whole image of it, then its changes.
 *
 *     msgs.3:  magic │ whole │ change │ change │ … │ whole │ change …      each a record
 *
 * When the file holds much that is past, an image of the present begins the next one, `msgs.4`,
 * which takes the place of the old at the moment when it gets its name.
 */
import {
  closeSync,
  constants,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { deserialize, serialize } from "node:v8";
import { createWriter, type Writer, writeByte, writeBytes } from "./changes.ts";
import { readRecords, writeRecord } from "./records.ts";

/** Raised when an image of before would not be understood any more. */
const magic = Buffer.from("windtunnel store 1\n");

const { O_APPEND, O_CREAT, O_TRUNC, O_WRONLY } = constants;

const wholeTag = 0;
const changeTag = 1;

export interface AssetFile {
  /** Without the number behind it. */
  readonly path: string;
  generation: number;
  /** The object that the server changes. */
  readonly live: object;
  /** Null while it is closed: a process may hold only so many. */
  descriptor: number | null;
  /** Bytes in the file, and how many the newest image takes. */
  bytes: number;
  wholeBytes: number;
  /** Records that are not in the file yet. */
  readonly writer: Writer;
  /** The image in the file is not of the present, and no change says how it became so. */
  isChanged: boolean;
  /** Written since the file was last synced. */
  isUnsynced: boolean;
  /** When an image was last written, in milliseconds. */
  imageAt: number;
  /** The next file is not begun before this one has so many bytes: there was no room for it. */
  renewFrom: number;
}

/** A new file with the image of `live` in it, in place of all of that name before it. */
export function createAssetFile(path: string, live: object, generation: number): AssetFile {
  const file: AssetFile = {
    path,
    generation: generation - 1,
    live,
    descriptor: null,
    bytes: 0,
    wholeBytes: 0,
    writer: createWriter(),
    isChanged: false,
    isUnsynced: false,
    imageAt: 0,
    renewFrom: 0,
  };
  renewFile(file, false);
  return file;
}

export interface Found {
  readonly file: AssetFile;
  /** Bytes at the end that no whole record made up; they have been cut off. */
  readonly cut: number;
}

/**
 * Reads a file back; null when it holds not even one image. `replay` makes a change in the object.
 * Throws StoreError for the file of another version.
 */
export function readAssetFile(
  path: string,
  generation: number,
  replay: (live: object, change: Buffer) => void,
): Found | null {
  const name = nameOf(path, generation);
  const descriptor = openSync(name, "r+");
  try {
    checkMagic(descriptor, name);
    let live: object | null = null;
    let wholeBytes = 0;
    const end = readRecords(descriptor, magic.length, (body) => {
      if (body[0] === wholeTag) {
        // Its typed arrays go on as views of these bytes.
        live = deserialize(Buffer.from(body.subarray(1))) as object;
        wholeBytes = body.length;
      } else if (live !== null) replay(live, body.subarray(1));
    });
    if (live === null) return null;
    const cut = statSync(name).size - end;
    if (cut > 0) ftruncateSync(descriptor, end);
    const rest = { isChanged: false, isUnsynced: cut > 0, imageAt: 0, renewFrom: 0 };
    const at = { path, generation, live, descriptor: null, writer: createWriter() };
    return { file: { ...at, bytes: end, wholeBytes, ...rest }, cut };
  } finally {
    closeSync(descriptor);
  }
}

/** What is in the store directory cannot be used. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** Notes a change; `write` writes its body. */
export function addChange(file: AssetFile, write: (writer: Writer) => void): void {
  writeRecord(file.writer, (writer) => {
    writeByte(writer, changeTag);
    write(writer);
  });
}

/** Notes an image of the present. */
export function addImage(file: AssetFile, nowMs: number): void {
  const { writer } = file;
  const before = writer.used;
  writeWhole(writer, file.live);
  file.wholeBytes = writer.used - before;
  file.isChanged = false;
  file.imageAt = nowMs;
}

/**
 * Hands what was noted to the operating system: it outlives this process from then on. When that
 * fails the file is as it was, and what was noted still is.
 */
export function flushFile(file: AssetFile, always: boolean): void {
  const { writer } = file;
  if (writer.used === 0) return;
  file.descriptor ??= openSync(nameOf(file.path, file.generation), "a");
  try {
    writeAll(file.descriptor, writer);
  } catch (error) {
    // Half a record would hide those behind it.
    ftruncateSync(file.descriptor, file.bytes);
    throw error;
  }
  file.bytes += writer.used;
  writer.used = 0;
  if (writer.bytes.length > keptBytes) writer.bytes = Buffer.allocUnsafe(keptBytes);
  if (always) fdatasyncSync(file.descriptor);
  else file.isUnsynced = true;
}

/**
 * Begins the next file with an image of the present; what was noted before is part of it. When
 * that fails everything is as it was.
 */
export function renewFile(file: AssetFile, always: boolean): void {
  const fresh = createWriter();
  writeBytes(fresh, magic);
  writeWhole(fresh, file.live);
  const next = nameOf(file.path, file.generation + 1);
  const draft = `${next}${draftSuffix}`;
  const descriptor = openSync(draft, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
  try {
    writeAll(descriptor, fresh);
    // The old one is about to go: the new one must not be a name without contents.
    if (always || file.bytes > 0) fsyncSync(descriptor);
    renameSync(draft, next);
  } catch (error) {
    closeSync(descriptor);
    rmSync(draft, { force: true });
    throw error;
  }
  closeFile(file);
  rmSync(nameOf(file.path, file.generation), { force: true });
  file.generation += 1;
  file.descriptor = descriptor;
  file.bytes = fresh.used;
  file.wholeBytes = fresh.used;
  file.writer.used = 0;
  file.isChanged = false;
  file.isUnsynced = true;
}

/** What was written survives a power loss from now on. */
export function syncFile(file: AssetFile): void {
  if (!file.isUnsynced) return;
  file.descriptor ??= openSync(nameOf(file.path, file.generation), "a");
  fdatasyncSync(file.descriptor);
  file.isUnsynced = false;
}

/** Gives the descriptor back; it is opened again when there is something to write. */
export function closeFile(file: AssetFile): void {
  if (file.descriptor === null) return;
  closeSync(file.descriptor);
  file.descriptor = null;
}

export function removeAssetFile(file: AssetFile): void {
  closeFile(file);
  rmSync(nameOf(file.path, file.generation), { force: true });
}

export const draftSuffix = ".new";

export function nameOf(path: string, generation: number): string {
  return `${path}.${generation}`;
}

/** A buffer that a large message made larger is given back. */
const keptBytes = 1 << 20;

function writeWhole(writer: Writer, live: object): void {
  writeRecord(writer, (into) => {
    writeByte(into, wholeTag);
    writeBytes(into, serialize(live));
  });
}

function writeAll(descriptor: number, { bytes, used }: Writer): void {
  for (let at = 0; at < used; ) at += writeSync(descriptor, bytes, at, used - at);
}

function checkMagic(descriptor: number, name: string): void {
  const found = Buffer.alloc(magic.length);
  readSync(descriptor, found, 0, found.length, 0);
  if (!found.equals(magic)) throw new StoreError(`${name} is not a store of this version`);
}
