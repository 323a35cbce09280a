/**
 * What code the next event may ask of a server. An event runs to its end at once, so whoever drives
 * the world looks here before each, and brings what is not there. Rather too early than too late:
 * that it came leaves no trace in the world.
 */

import { zonesAreHere } from "../jetstream/index.ts";
import { logEach, logFirst, nextEvent, nextEventAt } from "../kernel/index.ts";
import { encodeText } from "../protocol/index.ts";
import {
  jetStreamPartsAreHere,
  monitoringPartsAreHere,
  type ServerConfig,
} from "../server/index.ts";
import { pipeOf, receiverOf } from "./conns.ts";
import type { EventOf } from "./events.ts";
import type { World } from "./world.ts";

/** How JSON may write a `$`. */
const escaped = encodeText("\\u0024");
const jetStreamSubjects = [encodeText("$J"), escaped];
const monitoringSubjects = [encodeText("$S"), escaped];
/** A part of the header's name that is rare enough. */
const zoneHeader = [encodeText("-Zone")];

/** True when the next event may need `provideJetStreamParts` to have been called. */
export function needsJetStreamParts(world: World): boolean {
  if (jetStreamPartsAreHere()) return false;
  const event = nextEvent(world.kernel);
  return event?.kind === "arrive" && mayReach(world, event, jetStreamSubjects);
}

/** True when the next event may need `provideMonitoringParts` to have been called. */
export function needsMonitoringParts(world: World): boolean {
  if (monitoringPartsAreHere()) return false;
  const event = nextEvent(world.kernel);
  return (
    event?.kind === "http" ||
    (event?.kind === "arrive" && mayReach(world, event, monitoringSubjects))
  );
}

/** True when the next event may name a time zone, and `provideZones` was not called yet. */
export function needsZones(world: World): boolean {
  if (zonesAreHere()) return false;
  const event = nextEvent(world.kernel);
  if (event?.kind !== "arrive" || serverReached(world, event) === null) return false;
  return mentions(world, event, zoneHeader);
}

/** Whether what arrives at a server may reach a subject that begins with one of these. */
function mayReach(
  world: World,
  event: EventOf<"arrive">,
  beginnings: readonly Uint8Array[],
): boolean {
  const config = serverReached(world, event);
  if (config === null) return false;
  return renamesSubjects(config) || mentions(world, event, beginnings);
}

/** The configuration of the server that bytes arrive at, or null. */
function serverReached(world: World, event: EventOf<"arrive">): ServerConfig | null {
  const conn = world.conns.get(event.conn);
  if (conn === undefined) return null;
  const { host, owner } = receiverOf(conn, event.direction);
  return owner.kind === "server" ? (world.hosts.get(host)?.server?.config ?? null) : null;
}

function mentions(world: World, event: EventOf<"arrive">, texts: readonly Uint8Array[]): boolean {
  const conn = world.conns.get(event.conn);
  let found = false;
  if (conn === undefined) return found;
  const { flying } = pipeOf(conn, event.direction);
  const now = nextEventAt(world.kernel) ?? world.kernel.now;
  logEach(flying, ({ bytes, arrives }, at) => {
    found ||= bytes !== null && texts.some((text) => holds(bytes, text));
    // What arrives later has an event of its own.
    return at === logFirst(flying) || arrives <= now;
  });
  return found;
}

/** With mappings, or with imports of other accounts, any subject may turn into any other. */
function renamesSubjects({ mappings, accounts }: ServerConfig): boolean {
  return mappings.length > 0 || accounts.length > 0;
}

/** Whether these bytes hold those, or at their end what may become them with what comes later. */
function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const [first = 0] = wanted;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    const length = Math.min(wanted.length, bytes.length - at);
    let same = 1;
    while (same < length && bytes[at + same] === wanted[same]) same++;
    if (same === length) return true;
  }
  return false;
}
