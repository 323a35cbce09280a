/** Rooms import downwards only, and through the other room's `index.ts`. */
import { posix } from "node:path";
import { type Finding, isNode, lineAt, type Source, walk } from "./source.ts";

const world = ["kernel", "protocol", "raft", "jetstream", "server", "world"];
const upToShell = [...world, "clients", "shell"];

/** Who may import whom. A room that is not in this table may not exist. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  protocol: ["kernel"],
  raft: ["kernel"],
  jetstream: ["kernel", "protocol"],
  server: ["kernel", "protocol", "raft", "jetstream"],
  world: ["kernel", "protocol", "raft", "jetstream", "server"],
  clients: world,
  shell: [...world, "clients"],
  link: ["kernel"],
  scenario: [...upToShell, "link"],
  lessons: [...upToShell, "link", "scenario"],
  worker: [...upToShell, "link", "scenario", "lessons"],
  node: [...upToShell, "link", "scenario", "lessons"],
  embed: [],
  app: ["link", "worker"],
};

/** From the worker the page takes types, and these files only. */
const workerSeam = ["worker/api.ts", "worker/frames.ts"];

/** Links are read at first paint: of the kernel the link room takes these files only. */
const linkSeam = ["kernel/units.ts", "kernel/hash.ts", "kernel/index.ts"];

/** Faces beside `index.ts`, of what a page loads apart. */
const loadedApart = [
  "server/doors/backup-parts.ts",
  "server/doors/conf-parts.ts",
  "server/cluster-parts.ts",
  "server/doors/jetstream-parts.ts",
  "server/doors/monitoring-parts.ts",
  "server/doors/all-parts.ts",
  "jetstream/zones/zone-table.ts",
  "clients/actors/turn.ts",
];

export function checkRooms(source: Source): Finding[] {
  const room = roomOf(source.path);
  if (room === null || source.program === null) return [];
  const findings: Finding[] = [];
  const allowed = mayImport[room];
  if (allowed === undefined) {
    return [{ path: source.path, line: 1, rule: "rooms", text: `unknown room src/${room}` }];
  }
  walk(source.program, (node) => {
    const target = importTarget(node);
    if (target === null || !target.startsWith(".")) return;
    const path = posix.normalize(posix.join(posix.dirname(source.path), target));
    const text = complaint(room, allowed, path, node.importKind === "type");
    if (text === null) return;
    findings.push({ path: source.path, line: lineAt(source, node.start), rule: "rooms", text });
  });
  return findings;
}

function complaint(
  room: string,
  allowed: readonly string[],
  path: string,
  typeOnly: boolean,
): string | null {
  const target = roomOf(path);
  if (target === null || target === room) return null;
  if (!allowed.includes(target)) return `${room} must not import ${target} (${path})`;
  const inside = path.slice("src/".length);
  if (room === "app" && target === "worker") {
    if (!workerSeam.includes(inside)) return `app may import only ${workerSeam.join(", ")}`;
    return typeOnly ? null : "app imports types from worker, never values (import type)";
  }
  if (room === "link") return linkSeam.includes(inside) ? null : `link must not import ${inside}`;
  if (inside === `${target}/index.ts` || loadedApart.includes(inside)) return null;
  return `import src/${target}/index.ts, not ${path}`;
}

/** The module that an import, a re-export or an `import()` names; null for other nodes. */
function importTarget(node: Node): string | null {
  const named = ["ImportDeclaration", "ExportNamedDeclaration", "ExportAllDeclaration"];
  if (!named.includes(node.type) && node.type !== "ImportExpression") return null;
  const source = node.source;
  return isNode(source) && typeof source.value === "string" ? source.value : null;
}

/** `src/kernel/queue.ts` → `kernel`; null outside src or for files directly in src. */
export function roomOf(path: string): string | null {
  const parts = path.split("/");
  return parts[0] === "src" && parts.length > 2 ? (parts[1] ?? null) : null;
}

type Node = Parameters<Parameters<typeof walk>[1]>[0];
