/**
 * A Raft group for tests: members on a network whose links keep their order, with delays, cuts,
 * crashes and power losses, all drawn from one seed, and the invariants checked at each step.
 */
import { strict as assert } from "node:assert";
import {
  advanceTo,
  clearTimer,
  createKernel,
  drawBetween,
  fork,
  type Index,
  index,
  type Kernel,
  logGet,
  millis,
  nanos,
  nextEventAt,
  plus,
  type SimEvent,
  schedule,
  setTimer,
  type Term,
  takeEvent,
  type VirtualNanos,
  virtualNanos,
} from "../../../src/kernel/index.ts";
import {
  checkAcked,
  checkApplied,
  checkMember,
  createCore,
  createDurable,
  createHistory,
  forgetLog,
  heartbeatEvery,
  noteRestored,
  type PeerId,
  quorumCheckEvery,
  type RaftCore,
  type RaftDurable,
  type RaftEffect,
  type RaftEntry,
  type RaftHistory,
  type RaftInput,
  type RaftMessage,
  type RaftRule,
  type RaftViolation,
  type RaftWal,
  step,
} from "../../../src/raft/index.ts";
import { type Bug, tamper, untampered } from "./bugs.ts";

type Untimed<T> = T extends unknown ? Omit<T, "now"> : never;
type Told = Untimed<RaftInput>;

type GroupEvent = SimEvent &
  (
    | { readonly kind: "tell"; readonly host: PeerId; readonly told: Told }
    | {
        readonly kind: "arrive";
        readonly host: PeerId;
        readonly link: Link;
        readonly boot: number;
        readonly message: RaftMessage;
      }
    | { readonly kind: "ticker"; readonly host: PeerId; readonly told: Told }
    | { readonly kind: "do"; readonly host: null; readonly what: () => void }
  );

interface Member {
  readonly id: PeerId;
  durable: RaftDurable;
  /** The log as of the last sync: what a power loss leaves. */
  synced: RaftWal;
  /** Null while the process is down. */
  core: RaftCore | null;
  boots: number;
  /** What the upper layer has made of the log so far. */
  applied: Index;
  digest: number;
  announced: Term | null;
}

interface Link {
  readonly from: PeerId;
  readonly to: PeerId;
  cut: boolean;
  /** Nothing overtakes anything on a connection. */
  lastAt: VirtualNanos;
}

export interface GroupOptions {
  readonly seed: number;
  readonly size: number;
  /** A range in nanoseconds. */
  readonly latency?: readonly [number, number];
  /** The log is synced with each entry (`sync: always`), so that no power loss takes any. */
  readonly syncAlways?: boolean;
  /** A member takes a snapshot when it has applied so many entries more. */
  readonly snapshotEvery?: number;
  readonly bug?: Bug;
  /** What breaks is noted, and the group goes on. */
  readonly goesOn?: boolean;
  /** Applying takes up to so long. */
  readonly applyNanos?: number;
  readonly watch?: (member: PeerId, effect: RaftEffect) => void;
}

export interface Group {
  readonly kernel: Kernel<GroupEvent>;
  readonly members: Map<PeerId, Member>;
  readonly links: Map<string, Link>;
  readonly options: GroupOptions;
  readonly history: RaftHistory;
  /** Proposals whose clients wait, and those whose clients have been told. */
  readonly waiting: Map<Index, { readonly term: Term; readonly at: PeerId }>;
  readonly acked: Map<Index, Term>;
  readonly disks: () => Iterable<RaftDurable>;
  violation: RaftViolation | null;
  readonly broken: Set<RaftRule>;
  steps: number;
}

export function createGroup(options: GroupOptions): Group {
  const ids = Array.from({ length: options.size }, (_, i) => `n${i + 1}`);
  const group: Group = {
    kernel: createKernel(options.seed),
    members: new Map(),
    links: new Map(),
    options,
    history: createHistory(),
    waiting: new Map(),
    acked: new Map(),
    disks: () => [...group.members.values()].map(({ durable }) => durable),
    violation: null,
    broken: new Set(),
    steps: 0,
  };
  for (const id of ids) {
    const durable = createDurable(ids);
    const synced = fork(durable.wal);
    const upper = { applied: index(0), digest: 0, announced: null };
    group.members.set(id, { id, durable, synced, core: null, boots: 0, ...upper });
    for (const to of ids) {
      if (to === id) continue;
      group.links.set(`${id}>${to}`, { from: id, to, cut: false, lastAt: virtualNanos(0) });
    }
  }
  return group;
}

/** `recovering`: its data is older than its log. `campaign`: the group is new. */
interface BootOptions {
  readonly recovering?: boolean;
  readonly campaign?: boolean;
}

/** Starts the process of a member from its disk. */
export function boot(group: Group, id: PeerId, options: BootOptions = {}): void {
  const member = memberOf(group, id);
  assert.equal(member.core, null, `${id} is up already`);
  if (group.options.bug === "forget the log" && member.boots > 0) forgetLog(member.durable);
  member.boots += 1;
  member.core = createCore(id, "g", member.durable, {
    now: group.kernel.now,
    recovering: options.recovering === true,
  });
  member.applied = index(0);
  member.digest = 0;
  member.announced = null;
  noteRestored(group.history, id, index(0));
  tell(group, id, { kind: "start" });
  if (options.campaign === true) tell(group, id, { kind: "campaign", preferred: false });
}

export function sync(group: Group, id: PeerId): void {
  const member = memberOf(group, id);
  member.synced = fork(member.durable.wal);
}

/** A client proposes; true when a leader that may act took it. */
export function propose(group: Group, id: PeerId, data: unknown): boolean {
  const { core, announced } = memberOf(group, id);
  if (core === null || core.role !== "leader" || announced !== core.stable.term) return false;
  const { term } = core.stable;
  const before = core.lastIndex;
  const proposals = [{ kind: "normal", data }] as const;
  group.waiting.set(index(before + 1), { term, at: id });
  tell(group, id, { kind: "propose", term, proposals, bytes: 100 });
  if (group.options.bug === "ack before commit") acknowledge(group, index(before + 1));
  return true;
}

/** Gives a member one input and does what it wants done, in the order it gave. */
export function tell(group: Group, id: PeerId, told: Told): void {
  const member = memberOf(group, id);
  const { core } = member;
  if (core === null || group.violation !== null) return;
  const out: RaftEffect[] = [];
  const { bug } = group.options;
  const before = bug === undefined ? null : untampered(core, bug);
  step(core, { ...told, now: group.kernel.now } as RaftInput, out);
  if (bug !== undefined && before !== null) tamper(core, bug, { before, out });
  group.steps += 1;
  report(group, checkMember(group.history, core, group.disks, out));
  for (const effect of out) perform(group, member, effect);
}

/** Runs until an instant; stops early when an invariant is broken. */
function runUntil(group: Group, until: VirtualNanos): void {
  for (;;) {
    const next = nextEventAt(group.kernel);
    if (group.violation !== null || next === null || next > until) break;
    runNext(group);
  }
  if (group.violation === null) advanceTo(group.kernel, until);
}

export function runFor(group: Group, duration: number): void {
  runUntil(group, plus(group.kernel.now, nanos(duration)));
}

/** Does something at an instant to come. */
export function at(group: Group, instant: VirtualNanos, what: () => void): void {
  schedule(group.kernel, instant, { kind: "do", host: null, what });
}

/** The announced leader of the highest term, or null. */
export function leaderOf(group: Group): RaftCore | null {
  let best: RaftCore | null = null;
  for (const { core, announced } of group.members.values()) {
    if (core?.role !== "leader" || announced !== core.stable.term) continue;
    if (best === null || core.stable.term > best.stable.term) best = core;
  }
  return best;
}

export function memberOf(group: Group, id: PeerId): Member {
  const member = group.members.get(id);
  assert(member !== undefined, `no member ${id}`);
  return member;
}

function runNext(group: Group): void {
  const event = takeEvent(group.kernel);
  assert(event !== null, "nothing is left to happen");
  switch (event.kind) {
    case "do":
      return event.what();
    case "tell":
      return tell(group, event.host, event.told);
    case "arrive":
      // What was on its way when the link was cut, or the process died, is lost.
      if (event.link.cut || memberOf(group, event.host).boots !== event.boot) return;
      return tell(group, event.host, { kind: "message", message: event.message, queued: false });
    case "ticker":
      startTicker(group, event.host, event.told);
      return tell(group, event.host, event.told);
    default:
      return event satisfies never;
  }
}

function perform(group: Group, member: Member, effect: RaftEffect): void {
  const { id } = member;
  group.options.watch?.(id, effect);
  switch (effect.kind) {
    case "election-timer": {
      const wait = drawBetween(group.kernel.random, `${id}/election`, effect.low, effect.high);
      return wake(group, id, "election", { wait, told: { kind: "election-timeout" } });
    }
    case "clear-election-timer":
      clearTimer(group.kernel, id, "election");
      return;
    case "vote-resend-timer":
      return wake(group, id, "votes", { wait: effect.after, told: { kind: "vote-resend" } });
    case "leader-tickers":
      return effect.run ? startTickers(group, id) : stopTickers(group, id);
    case "catchup-timer": {
      const told = { kind: "catchup-timeout", peer: effect.peer } as const;
      return wake(group, id, `catchup ${effect.peer}`, { wait: effect.after, told });
    }
    case "clear-catchup-timer":
      clearTimer(group.kernel, id, `catchup ${effect.peer}`);
      return;
    case "append":
    case "truncate":
      if (group.options.syncAlways === true) sync(group, id);
      return;
    case "send":
      return send(group, id, effect.to, effect.message);
    case "broadcast":
      for (const to of group.members.keys()) if (to !== id) send(group, id, to, effect.message);
      return;
    case "apply":
      return apply(group, member, effect.index);
    case "restore":
      member.applied = effect.snapshot.lastIndex;
      member.digest = effect.snapshot.data as number;
      noteRestored(group.history, id, member.applied);
      return sayApplied(group, member);
    case "leadership":
      member.announced = effect.isLeader ? effect.term : null;
      return;
    default:
      return;
  }
}

function startTickers(group: Group, id: PeerId): void {
  startTicker(group, id, { kind: "heartbeat-tick" });
  startTicker(group, id, { kind: "quorum-tick" });
}

function startTicker(group: Group, id: PeerId, told: Told): void {
  const every = told.kind === "quorum-tick" ? quorumCheckEvery : heartbeatEvery;
  const event = { kind: "ticker", host: id, told } as const;
  setTimer(group.kernel, id, told.kind, plus(group.kernel.now, every), event);
}

function stopTickers(group: Group, id: PeerId): void {
  clearTimer(group.kernel, id, "heartbeat-tick");
  clearTimer(group.kernel, id, "quorum-tick");
}

function wake(
  group: Group,
  id: PeerId,
  name: string,
  { wait, told }: { readonly wait: number; readonly told: Told },
): void {
  const event = { kind: "tell", host: id, told } as const;
  setTimer(group.kernel, id, name, plus(group.kernel.now, nanos(wait)), event);
}

function send(group: Group, from: PeerId, to: PeerId, message: RaftMessage): void {
  const link = group.links.get(`${from}>${to}`);
  assert(link !== undefined, `${from} sends to ${to}`);
  if (link.cut) return;
  const { kernel, options } = group;
  const [low, high] = options.latency ?? [millis(1), millis(1)];
  const arrives = kernel.now + drawBetween(kernel.random, `${from}>${to}`, low, high);
  link.lastAt = virtualNanos(Math.max(arrives, link.lastAt));
  const { boots } = memberOf(group, to);
  schedule(kernel, link.lastAt, { kind: "arrive", host: to, link, boot: boots, message });
}

/** The upper layer: a digest over all entries, so that equal states are seen to be equal. */
function apply(group: Group, member: Member, upTo: Index): void {
  const { log } = member.durable.wal;
  const from = member.applied + 1;
  const order: number[] = [];
  for (let at = from; at <= upTo; at++) order.push(at);
  if (group.options.bug === "apply out of order") order.reverse();
  for (const at of order) {
    const entry = logGet(log, at);
    report(group, checkApplied(group.history, member.id, index(at), entry));
    if (group.violation !== null) return;
    member.digest = mix(member.digest, entry);
    member.applied = index(at);
    if (group.waiting.get(index(at))?.at === member.id) acknowledge(group, index(at));
  }
  sayApplied(group, member);
}

/** Rolls an entry into the state of an upper layer. */
function mix(digest: number, { proposals }: RaftEntry): number {
  let mixed = digest;
  for (const proposal of proposals) {
    const text = proposal.kind === "normal" ? String(proposal.data) : proposal.kind;
    for (let i = 0; i < text.length; i++) mixed = (Math.imul(mixed, 31) + text.charCodeAt(i)) | 0;
  }
  return mixed;
}

function sayApplied(group: Group, member: Member): void {
  const { id, applied } = member;
  const { kernel, options } = group;
  const wait = drawBetween(kernel.random, `${id}/apply`, 0, (options.applyNanos ?? 0) + 1);
  wake(group, id, `applied ${applied}`, { wait, told: { kind: "applied", index: applied } });
  const every = options.snapshotEvery ?? 0;
  if (every === 0 || applied - (member.durable.stable.snapshot?.lastIndex ?? 0) < every) return;
  const snapshot = { kind: "snapshot", index: applied, data: member.digest, bytes: 100 } as const;
  wake(group, id, "snapshot", { wait: wait + 1, told: snapshot });
}

/** The client hears that its message is safe. */
function acknowledge(group: Group, at: Index): void {
  const client = group.waiting.get(at);
  if (client === undefined) return;
  group.waiting.delete(at);
  const { core } = memberOf(group, client.at);
  if (core?.role !== "leader" || core.stable.term !== client.term) return;
  report(group, checkAcked(group.history, at, client.term));
  group.acked.set(at, client.term);
}

function report(group: Group, violation: RaftViolation | null): void {
  if (violation === null) return;
  group.broken.add(violation.rule);
  if (group.options.goesOn !== true) group.violation ??= violation;
}
