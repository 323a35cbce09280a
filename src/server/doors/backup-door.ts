/**
 * The one door to what snapshots and restores run (backup-parts.ts), which most pages never need.
 * Nobody knows ahead that a request will ask for one, so it is begun in an event of its own; before
 * that event whoever drives the world looks whether the code is wanted, and brings it.
 */
import { createDoor } from "./door.ts";

export type BackupParts = typeof import("./backup-parts.ts")["backupParts"];

const door = createDoor<BackupParts>("a stream is backed up or restored");
let isAsked = false;

export const provideBackupParts = door.provide;
export const backupParts = door.parts;

/** A snapshot or restore is about to begin. */
export function wantBackupParts(): void {
  isAsked = true;
}

/** True when the next event may need code that is not here. */
export function backupPartsAreWanted(): boolean {
  return isAsked && !door.isOpen();
}
