/**
 * The one door to what JetStream runs (jetstream-parts.ts): a page has no use for it before
 * somebody asks the API for something. What only says that JetStream is there needs no door.
 */
import { createDoor } from "./door.ts";

export type JetStreamParts = typeof import("./jetstream-parts.ts")["jetStreamParts"];

const door = createDoor<JetStreamParts>("JetStream has work");

export const provideJetStreamParts = door.provide;
export const jetStreamPartsAreHere = door.isOpen;
export const jetStreamParts = door.parts;
