/** The files of a host: absolute paths, folders as rows of their own. */
import {
  type Table,
  tableDelete,
  tableEach,
  tableGet,
  tableHigher,
  tableSet,
  type VirtualNanos,
} from "../../kernel/index.ts";
import type { FileRow } from "../host.ts";
import { joinBytes } from "../taps/tap.ts";
import type { FileEntry } from "./request.ts";

type Files = Table<string, FileRow>;

const noBytes = new Uint8Array(0);

/** An absolute path without `.`, `..`, doubled or trailing slashes. */
export function normalisePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The bytes of a file, or what a shell would say instead (without the path). */
export function readFile(files: Files, path: string): Uint8Array | string {
  const row = tableGet(files, normalisePath(path));
  if (row === undefined)
    return isFolder(files, path) ? "Is a directory" : "No such file or directory";
  return row.folder ? "Is a directory" : row.bytes;
}

/** Writes or appends; answers null or what a shell would say. */
export function writeFile(
  files: Files,
  path: string,
  write: { readonly bytes: Uint8Array; readonly append: boolean; readonly now: VirtualNanos },
): string | null {
  const at = normalisePath(path);
  const known = tableGet(files, at);
  if (known?.folder === true || at === "/") return "Is a directory";
  if (!isFolder(files, parentOf(at))) return "No such file or directory";
  const before = write.append ? (known?.bytes ?? noBytes) : noBytes;
  const bytes = before.length === 0 ? write.bytes : joinBytes(before, write.bytes);
  tableSet(files, at, { bytes, modified: write.now, folder: false });
  return null;
}

/** Makes a folder and those above it. */
export function makeFolder(files: Files, path: string, now: VirtualNanos): string | null {
  const at = normalisePath(path);
  if (at === "/") return null;
  const known = tableGet(files, at);
  if (known !== undefined) return known.folder ? null : "File exists";
  const failed = makeFolder(files, parentOf(at), now);
  if (failed !== null) return failed;
  tableSet(files, at, { bytes: noBytes, modified: now, folder: true });
  return null;
}

/** Removes a file, or a folder with all that is in it. */
export function removeFile(files: Files, path: string): string | null {
  const at = normalisePath(path);
  if (tableGet(files, at) === undefined) return "No such file or directory";
  tableDelete(files, at);
  const inside = `${at}/`;
  for (;;) {
    const next = tableHigher(files, inside);
    if (next === null || !next.key.startsWith(inside)) return null;
    tableDelete(files, next.key);
  }
}

/** What lies directly in a folder, by path. */
export function listFiles(files: Files, path: string): FileEntry[] | string {
  const at = normalisePath(path);
  if (!isFolder(files, at)) {
    return tableGet(files, at) === undefined ? "No such file or directory" : "Not a directory";
  }
  const inside = at === "/" ? "/" : `${at}/`;
  const entries: FileEntry[] = [];
  tableEach(
    files,
    (row, key) => {
      if (!key.startsWith(inside)) return false;
      if (!key.slice(inside.length).includes("/")) entries.push(entryOf(key, row));
      return true;
    },
    inside,
  );
  return entries;
}

export function statFile(files: Files, path: string): FileEntry | null {
  const at = normalisePath(path);
  const row = tableGet(files, at);
  if (row !== undefined) return entryOf(at, row);
  return at === "/" ? { path: "/", folder: true, size: 0, modified: 0 as VirtualNanos } : null;
}

function isFolder(files: Files, path: string): boolean {
  const at = normalisePath(path);
  return at === "/" || tableGet(files, at)?.folder === true;
}

function parentOf(path: string): string {
  return normalisePath(path.slice(0, path.lastIndexOf("/")));
}

function entryOf(path: string, row: FileRow): FileEntry {
  return { path, folder: row.folder, size: row.bytes.length, modified: row.modified };
}
