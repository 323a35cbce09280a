/**
 * Code that comes with the first line or event that needs it: actors, predicates, lessons,
 * clusters, JetStream, monitoring.
 */
import type { Realm } from "../clients/index.ts";
import { assert } from "../kernel/index.ts";
import {
  backupPartsAreWanted,
  type Doors,
  needsClusterParts,
  needsConfParts,
  needsJetStreamParts,
  needsMonitoringParts,
  needsPredicates,
  needsZones,
  type ProcessEffect,
  provideBackupParts,
  provideClusterParts,
  provideConfParts,
  provideJetStreamParts,
  provideMonitoringParts,
  providePredicates,
  provideZones,
  type World,
} from "../world/index.ts";
import type { LessonDoor } from "./ground.ts";

/** Once a realm; what actors remember is world state. */
let actors: Doors["actor"] | null = null;

/** An actor's turn. It was made by a line, which brought this. */
export const actorTurn: Doors["actor"] = (world, doors, name, input) => {
  assert(actors !== null, `actor ${name} has a turn, and the code for that is not here`);
  actors(world, doors, name, input);
};

async function loadActors(): Promise<void> {
  ({ actorTurn: actors } = await import("../clients/actors/turn.ts"));
}

/** Settles when the world can run this line; the world stands still meanwhile. */
export async function readyForLine(ready: Ready, line: string): Promise<void> {
  const { realm, lessons } = ready;
  if (needsPredicates(line)) await realm.hold(loadPredicates());
  if (actors === null && /^\s*load\b/.test(line)) await realm.hold(loadActors());
  if (needsConfParts(line)) await realm.hold(loadConfParts());
  if (needsClusterParts(line)) await realm.hold(loadClusterParts());
  const coming = /^\s*lesson\b/.test(line) ? (lessons?.load(null) ?? null) : null;
  if (coming !== null) await realm.hold(coming);
}

export interface Ready {
  readonly realm: Realm;
  readonly lessons: LessonDoor | null;
}

/** The same for what a process asks of the world. */
export async function readyForEffects(
  ready: Ready,
  effects: readonly ProcessEffect[],
): Promise<void> {
  for (const effect of effects) {
    if (effect.kind !== "request" || effect.request.what !== "world-line") continue;
    await readyForLine(ready, effect.request.line);
  }
}

async function loadConfParts(): Promise<void> {
  const { confParts } = await import("../server/doors/conf-parts.ts");
  provideConfParts(confParts);
}

/** Nobody sees what is inside of a backup before it is read: it may hold any schedule. */
async function loadBackupParts(): Promise<void> {
  const [{ backupParts }] = await Promise.all([
    import("../server/doors/backup-parts.ts"),
    loadZones(),
  ]);
  provideBackupParts(backupParts);
}

async function loadZones(): Promise<void> {
  const { findZone } = await import("../jetstream/zones/zone-table.ts");
  provideZones(findZone);
}

/** The same for the next event; null when all is here, as nearly always. */
export function readyForEvent({ realm }: Ready, world: World): Promise<unknown> | null {
  const backup = backupPartsAreWanted();
  const jetStream = needsJetStreamParts(world);
  const monitoring = needsMonitoringParts(world);
  const zones = needsZones(world);
  if (!backup && !jetStream && !monitoring && !zones) return null;
  return realm.hold(
    Promise.all([
      backup ? loadBackupParts() : null,
      jetStream ? loadJetStreamParts() : null,
      monitoring ? loadMonitoringParts() : null,
      zones ? loadZones() : null,
    ]),
  );
}

/** Brings what servers of a cluster run, with the JetStream that they share. */
async function loadClusterParts(): Promise<void> {
  const [{ clusterParts }] = await Promise.all([
    import("../server/cluster-parts.ts"),
    loadJetStreamParts(),
  ]);
  provideClusterParts(clusterParts);
}

/** Brings what JetStream runs. */
async function loadJetStreamParts(): Promise<void> {
  const { jetStreamParts } = await import("../server/doors/jetstream-parts.ts");
  provideJetStreamParts(jetStreamParts);
}

/** Brings what servers tell of themselves; the state object of a world asks them. */
export async function loadMonitoringParts(): Promise<void> {
  const { monitoringParts } = await import("../server/doors/monitoring-parts.ts");
  provideMonitoringParts(monitoringParts);
}

/** Brings what predicates are read with; ahead of their first use this saves the wait. */
export async function loadPredicates(): Promise<void> {
  const [library] = await Promise.all([import("@marcbachmann/cel-js"), loadMonitoringParts()]);
  providePredicates(library);
}
