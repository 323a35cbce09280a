/**
 * What code the next event may ask of a server. An event runs to its end at once, so whoever drives
 * the world looks here before each, and brings what is not there. Rather too early than too late:
 * that it came leaves no trace in the world.
 */
import { logEach, nextEvent } from "../kernel/index.ts";
import {
  jetStreamPartsAreHere,
  monitoringPartsAreHere,
  type ServerConfig,
} from "../server/index.ts";
import { pipeOf, receiverOf } from "./conns.ts";
import type { EventOf } from "./events.ts";
import type { World } from "./world.ts";

const dollar = 0x24;
const letterJ = 0x4a;
const letterS = 0x53;
const backslash = 0x5c;
const letterU = 0x75;

/** True when the next event may need `provideJetStreamParts` to have been called. */
export function needsJetStreamParts(world: World): boolean {
  if (jetStreamPartsAreHere()) return false;
  const event = nextEvent(world.kernel);
  return event?.kind === "arrive" && mayReach(world, event, letterJ);
}

/** True when the next event may need `provideMonitoringParts` to have been called. */
export function needsMonitoringParts(world: World): boolean {
  if (monitoringPartsAreHere()) return false;
  const event = nextEvent(world.kernel);
  return event?.kind === "http" || (event?.kind === "arrive" && mayReach(world, event, letterS));
}

/** Whether what arrives at a server may reach a subject that begins with `$` and this letter. */
function mayReach(world: World, event: EventOf<"arrive">, letter: number): boolean {
  const conn = world.conns.get(event.conn);
  if (conn === undefined) return false;
  const { host, owner } = receiverOf(conn, event.direction);
  const config = world.hosts.get(host)?.server?.config;
  if (owner.kind !== "server" || config === undefined) return false;
  if (renamesSubjects(config)) return true;
  let mentioned = false;
  logEach(pipeOf(conn, event.direction).flying, ({ bytes }) => {
    mentioned ||= bytes !== null && mentions(bytes, letter);
  });
  return mentioned;
}

/** With mappings, or with imports of other accounts, any subject may turn into any other. */
function renamesSubjects({ mappings, accounts }: ServerConfig): boolean {
  return mappings.length > 0 || accounts.length > 0;
}

/** Whether these bytes hold a `$` before this letter, or what may become one. */
function mentions(bytes: Uint8Array, letter: number): boolean {
  return hasPair(bytes, dollar, letter) || hasPair(bytes, backslash, letterU);
}

/** At the end of the bytes the first one is enough: what follows may arrive later. */
function hasPair(bytes: Uint8Array, first: number, second: number): boolean {
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (at + 1 === bytes.length || bytes[at + 1] === second) return true;
  }
  return false;
}
