/**
 * The one door to the table of time zones (zone-table.ts), which only schedules in a named zone ask
 * for. Whoever drives the world brings it ahead of the first of them. It is not world state.
 */
import { assert } from "../../kernel/index.ts";
import type { Zone } from "./zone.ts";

/** A zone by its name in the IANA data, or null. */
export type FindZone = (name: string) => Zone | null;

let find: FindZone | null = null;

/** Hands over the table, once a realm. */
export function provideZones(loaded: FindZone): void {
  find = loaded;
}

/** True from `provideZones` on. */
export function zonesAreHere(): boolean {
  return find !== null;
}

/** For whoever was told to look a zone up; a bug when nobody has brought the table. */
export function zoneCalled(name: string): Zone | null {
  assert(find !== null, "a schedule names a time zone, and the table is not here");
  return find(name);
}
