/** Builds the world that a scenario's header describes, and lets it settle before 0s. */
import {
  beginAt,
  parseNanos,
  seconds,
  tableSet,
  type VirtualNanos,
  virtualNanos,
} from "../kernel/index.ts";
import type { ScenarioFile } from "../link/index.ts";
import {
  createWorld,
  type Doors,
  type World,
  type WorldOptions,
  worldCommand,
} from "../world/index.ts";
import { readyForLine } from "./first-use.ts";
import type { SessionGround } from "./ground.ts";

/** A `world` line of a header that the world refused. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}

export interface SetupOptions {
  readonly seed: number;
  /** What follows the word `world` in the header. */
  readonly world: readonly string[];
  readonly files: readonly ScenarioFile[];
  readonly options: Partial<WorldOptions>;
}

// Elections are over within 10 s of a cluster's start (facts: raft.md); three times that.
const settling = seconds(30);

/** Brings the code that the header's world needs. */
export async function readyForWorld(
  ground: SessionGround,
  world: readonly string[],
): Promise<void> {
  const ready = { realm: ground.realm, lessons: ground.lessons ?? null };
  for (const line of world) await readyForLine(ready, `world ${line}`);
}

/** A world whose clock stands before 0s with its first lines run; the caller runs it to 0s. */
export function buildWorld(doors: Doors, setup: SetupOptions): World {
  const world = createWorld(setup.seed, setup.options);
  const cold = setup.world.some((line) => /(?:^|\s)--cold(?:\s|$)/.test(line));
  if (!cold) beginAt(world.kernel, virtualNanos(-settling));
  for (const file of setup.files) putFile(world, file);
  for (const line of setup.world) {
    const { exit, stderr } = worldCommand(world, doors, `world ${line}`);
    if (exit !== 0) throw new SetupError(`world ${line}: ${stderr.trim()}`);
  }
  return world;
}

/** Writes a file of the header, with the folders above it; a relative path begins at home. */
function putFile(world: World, file: ScenarioFile): void {
  const desk = world.hosts.get("desk");
  const home = world.terminals.get("t1")?.cwd ?? "/";
  if (desk === undefined) throw new SetupError(`file ${file.path}: there is no desk to put it on`);
  const parts = (file.path.startsWith("/") ? file.path : `${home}/${file.path}`)
    .split("/")
    .filter((part) => part !== "" && part !== ".");
  if (parts.length === 0 || parts.includes("..")) {
    throw new SetupError(`file ${file.path}: this is no place for a file`);
  }
  const modified: VirtualNanos = world.kernel.now;
  const noBytes = new Uint8Array(0);
  for (let depth = 1; depth < parts.length; depth++) {
    const folder = `/${parts.slice(0, depth).join("/")}`;
    tableSet(desk.files, folder, { bytes: noBytes, modified, folder: true });
  }
  const bytes = new TextEncoder().encode(file.text);
  tableSet(desk.files, `/${parts.join("/")}`, { bytes, modified, folder: false });
}

/** Reads `2m` and the like, as `--until` takes it. Throws SetupError. */
export function parseInstant(text: string): VirtualNanos {
  const at = parseNanos(text);
  if (at === null) throw new SetupError(`"${text}" is no time; write it as 10s, 250ms or 2m`);
  return virtualNanos(at);
}
