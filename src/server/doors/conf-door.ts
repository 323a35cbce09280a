/**
 * The one door to what reads configuration files (conf-parts.ts): a page has no use for it before
 * somebody opens a server's file.
 */
import { createDoor } from "./door.ts";

export type ConfParts = typeof import("./conf-parts.ts")["confParts"];

const door = createDoor<ConfParts>("a server's configuration file is read");

export const provideConfParts = door.provide;
export const confPartsAreHere = door.isOpen;
export const confParts = door.parts;
