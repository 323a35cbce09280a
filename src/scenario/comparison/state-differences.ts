/** In what two worlds differ, counter by counter: made for people to read side by side. */
import { compareStrings } from "../../kernel/index.ts";
import { stateObject, type World } from "../../world/index.ts";

/** The sections of the state object that are compared, in the order of the list. */
export type ComparedSection =
  | "ledger"
  | "meta"
  | "streams"
  | "consumers"
  | "raft"
  | "hosts"
  | "links"
  | "actors";

export type ComparedValue = string | number | boolean | null;

/** One counter that is not the same. */
export interface StateDifference {
  readonly section: ComparedSection;
  /** `ORDERS`, `ORDERS/W`, `n1`, `<group>/n1`; empty for the ledger and the meta group. */
  readonly name: string;
  /** `messages`, `leader`, `ack_floor.stream_seq`; `exists` when only one side has it at all. */
  readonly field: string;
  /** Null where the thing itself is missing. */
  readonly left: ComparedValue;
  readonly right: ComparedValue;
}

interface SectionPlan {
  /** How deep the things lie: 0 the section itself, 1 its entries, 2 the members of each. */
  readonly depth: 0 | 1 | 2;
  /** On the way to the things of an entry. */
  readonly within?: string;
  /** Paths in the state object to the names under which they are listed. */
  readonly fields: readonly (readonly [path: string, field: string])[];
}

const same = (...paths: string[]): (readonly [string, string])[] => paths.map((p) => [p, p]);

const plans: { readonly [S in ComparedSection]: SectionPlan } = {
  ledger: {
    depth: 0,
    fields: same(
      ...["made", "kept", "broken", "doubled", "refused", "reordered", "effects"],
      ...["raft_violations", "kv_violations"],
    ),
  },
  meta: { depth: 0, fields: same("leader", "term") },
  streams: {
    depth: 1,
    fields: [
      ["leader", "leader"],
      ["stale", "stale"],
      ["state.messages", "messages"],
      ["state.bytes", "bytes"],
      ["state.first_seq", "first_seq"],
      ["state.last_seq", "last_seq"],
      ["state.num_deleted", "num_deleted"],
      ["state.consumer_count", "consumer_count"],
    ],
  },
  consumers: {
    depth: 1,
    fields: same(
      ...["cluster.leader", "delivered.consumer_seq", "delivered.stream_seq"],
      ...["ack_floor.consumer_seq", "ack_floor.stream_seq", "num_pending", "num_ack_pending"],
      ...["num_redelivered", "num_waiting", "stalled_reason"],
    ),
  },
  raft: {
    depth: 2,
    within: "members",
    fields: same("role", "term", "commit", "applied", "last", "synced"),
  },
  hosts: { depth: 1, fields: same("up", "frozen", "powered", "clock_offset") },
  links: { depth: 1, fields: same("cut", "latency") },
  actors: {
    depth: 1,
    fields: same(
      ...["sent", "acked", "received", "processed", "unique", "nacked", "redelivered"],
      ...["refused", "timeouts", "last_puback", "running"],
    ),
  },
};

/** What is not the same in two worlds: section by section, things by name, fields in order. */
export function stateDifferences(left: World, right: World): StateDifference[] {
  const out: StateDifference[] = [];
  for (const section of Object.keys(plans) as ComparedSection[]) {
    const plan = plans[section];
    const one = thingsOf(left, section, plan);
    const other = thingsOf(right, section, plan);
    const names = [...new Set([...one.keys(), ...other.keys()])].sort(compareStrings);
    for (const name of names) {
      compareThing({ section, name, plan, left: one.get(name), right: other.get(name) }, out);
    }
  }
  return out;
}

interface Pair {
  readonly section: ComparedSection;
  readonly name: string;
  readonly plan: SectionPlan;
  readonly left: unknown;
  readonly right: unknown;
}

function compareThing(pair: Pair, out: StateDifference[]): void {
  const { section, name, plan } = pair;
  const add = (field: string, left: ComparedValue, right: ComparedValue): void => {
    if (left !== right) out.push({ section, name, field, left, right });
  };
  add("exists", pair.left !== undefined, pair.right !== undefined);
  for (const [path, field] of plan.fields) add(field, at(pair.left, path), at(pair.right, path));
}

/** The things of a section by name. */
function thingsOf(world: World, section: ComparedSection, plan: SectionPlan): Map<string, unknown> {
  const whole = stateObject(world)[section];
  if (plan.depth === 0) return new Map([["", whole]]);
  const things = new Map<string, unknown>();
  for (const [name, entry] of entriesOf(whole)) {
    if (plan.depth === 1) things.set(name, entry);
    else {
      const members = (entry as Readonly<Record<string, unknown>>)[plan.within ?? ""];
      for (const [member, inner] of entriesOf(members)) things.set(`${name}/${member}`, inner);
    }
  }
  return things;
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** The scalar at a path of names; null when there is none. */
function at(thing: unknown, path: string): ComparedValue {
  let value = thing;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null) return null;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  const isScalar = ["string", "number", "boolean"].includes(typeof value);
  return isScalar ? (value as ComparedValue) : null;
}
