/**
 * What must not occur in the world: clocks, timers, chance, undetermined orders, and (below the
 * shell) promises.
 */
import { roomOf } from "./rooms.ts";
import {
  type Finding,
  identifierName,
  isNode,
  lineAt,
  type Node,
  type Source,
  walk,
} from "./source.ts";

/** Rooms whose code runs inside the world. */
const worldRooms = [
  "kernel",
  "protocol",
  "raft",
  "jetstream",
  "server",
  "world",
  "clients",
  "shell",
  "lessons",
];
const promiseFree = ["kernel", "protocol", "raft", "jetstream", "server", "world"];

/** Clients patch the realm: these are the only files that may name what they replace. */
const realmFiles = "src/clients/realm/";

const bannedGlobals: Readonly<Record<string, string>> = {
  Date: "use the kernel's now",
  performance: "use the kernel's now",
  setTimeout: "schedule an event or use the context's sleep",
  setInterval: "schedule an event",
  setImmediate: "schedule an event",
  queueMicrotask: "schedule an event",
  crypto: "use kernel/random",
  fetch: "the world has no outside",
  Intl: "differs between engines",
  WeakRef: "depends on the garbage collector",
  FinalizationRegistry: "depends on the garbage collector",
};

const bannedMath = [
  "random",
  "log",
  "log2",
  "log10",
  "log1p",
  "exp",
  "expm1",
  "pow",
  "sin",
  "cos",
  "tan",
  "atan",
  "atan2",
  "cbrt",
  "hypot",
  "sinh",
  "cosh",
  "tanh",
];
const bannedMethods: Readonly<Record<string, string>> = {
  localeCompare: "use kernel/order compareStrings",
  toLocaleString: "differs between engines",
  toLocaleLowerCase: "differs between engines",
  toLocaleUpperCase: "differs between engines",
};

export function checkWorldBans(source: Source): Finding[] {
  const room = roomOf(source.path);
  if (room === null || source.program === null || !worldRooms.includes(room)) return [];
  if (/\.test\.ts$/.test(source.path) || source.path.startsWith(realmFiles)) return [];
  const findings: Finding[] = [];
  const noPromises = promiseFree.includes(room);
  walk(source.program, (node, ancestors) => {
    const text = banned(node, ancestors) ?? (noPromises ? bannedPromise(node) : null);
    if (text === null) return;
    findings.push({ path: source.path, line: lineAt(source, node.start), rule: "world", text });
  });
  return findings;
}

function banned(node: Node, ancestors: readonly Node[]): string | null {
  switch (node.type) {
    case "ForInStatement":
      return "for…in has no determined order: use kernel/order sortedKeys";
    case "BinaryExpression":
      return bannedPower(node);
    case "MemberExpression":
      return bannedMember(node);
    case "CallExpression":
      return bannedSort(node);
    case "Identifier":
      return bannedGlobal(node, ancestors);
    default:
      return null;
  }
}

/** Powers of big integers, and of two by a literal, are exact everywhere; others need not be. */
function bannedPower(node: Node): string | null {
  if (node.operator !== "**") return null;
  const { left, right } = node;
  const isLiteral = isNode(left) && isNode(right) && right.type === "Literal";
  if (isLiteral && (left.value === 2 || typeof right.bigint === "string")) return null;
  return "** differs between engines: multiply";
}

function bannedMember(node: Node): string | null {
  const member = identifierName(node.property);
  if (member === null || node.computed === true) return null;
  if (identifierName(node.object) === "Math" && bannedMath.includes(member)) {
    return `Math.${member} is not in the world: use kernel/random or integer tables`;
  }
  const reason = Object.hasOwn(bannedMethods, member) ? bannedMethods[member] : undefined;
  return reason === undefined ? null : `${member}: ${reason}`;
}

function bannedSort(node: Node): string | null {
  const callee = node.callee;
  if (!isNode(callee) || callee.type !== "MemberExpression") return null;
  const name = identifierName(callee.property);
  if (name !== "sort" && name !== "toSorted") return null;
  const hasComparator = Array.isArray(node.arguments) && node.arguments.length > 0;
  return hasComparator ? null : `${name}() without a comparator: use kernel/order`;
}

/** A use of a banned global: not a property name, not a type, not a name of one's own. */
function bannedGlobal(node: Node, ancestors: readonly Node[]): string | null {
  const reason = bannedGlobals[String(node.name)];
  if (reason === undefined || !Object.hasOwn(bannedGlobals, String(node.name))) return null;
  const parent = ancestors.at(-1);
  if (parent === undefined) return null;
  if (parent.type === "MemberExpression" && parent.property === node) return null;
  if (parent.type.startsWith("TS")) return null;
  const isKey = "key" in parent && parent.key === node && parent.value !== node;
  if (isKey || parent.type === "ImportSpecifier") return null;
  return `${String(node.name)}: ${reason}`;
}

function bannedPromise(node: Node): string | null {
  if (node.async === true) return "async code has no place in this room: only shell and clients";
  if (node.type === "AwaitExpression") return "await has no place in this room";
  if (node.type === "NewExpression" && identifierName(node.callee) === "Promise") {
    return "promises have no place in this room: only shell and clients";
  }
  return null;
}
