/** The clients room: JavaScript processes on virtual time, nats.js in the world, load actors. */
export { actorTurn } from "./actors/turn.ts";
export { ProcessHost } from "./process-host.ts";
export type { Child, ProcessContext, Program, SpawnOptions } from "./program.ts";
export type { OriginalRealm } from "./realm/originals.ts";
export { installRealm, load, type Realm } from "./realm/realm.ts";
export { connectionOptions } from "./servers.ts";
