/** Streams and consumers of a world, wherever they live. Read only. */
import type { ConsumerState, StreamState } from "../../jetstream/index.ts";
import { logEach, logEnd, logFirst } from "../../kernel/index.ts";
import { subjectMatches } from "../../protocol/index.ts";
import type { Proposal, RaftEntry, RaftStable } from "../../raft/index.ts";
import type { GroupFile, StreamProposal } from "../../server/index.ts";
import { type Host, qualifiedName, serverHosts, type World } from "../../world/index.ts";
import { allGroups, type Group, leaderOf, type Member } from "./cluster/members.ts";

/** What one server holds of a stream. */
export interface Copy {
  readonly host: Host;
  readonly state: StreamState;
  readonly path: string | null;
  readonly consumers: ReadonlyMap<string, ConsumerState>;
  /** Its member of the stream's group; null without one, and while its server is down. */
  readonly member: Member | null;
  /** Log and state as its group keeps them; null without a group. */
  readonly file: GroupFile | null;
}

/** A stream as its leader has it; without a leader as the running member that has most of it. */
export interface FoundStream extends Copy {
  /** As the state object has it: `ORDERS`, or `ACC/ORDERS` where it is not of the main account. */
  readonly name: string;
  /** Its name within its account. */
  readonly plain: string;
  /** Null for a stream with one replica. */
  readonly group: Group | null;
  readonly led: boolean;
  /** One a server of its group that holds something; empty without a group. */
  readonly copies: readonly Copy[];
  /** Where each consumer is led, by name; missing while it has no leader. */
  readonly homes: ReadonlyMap<string, string>;
}

/** Every stream of every server, in the order of servers and of creation. */
export function allStreams(world: World): FoundStream[] {
  const groups = allGroups(world);
  const found: FoundStream[] = [];
  const seen = new Set<string>();
  for (const host of serverHosts(world)) {
    for (const account of host.server?.jetstream?.accounts.values() ?? []) {
      for (const { name, state, path, consumers } of account.streams.values()) {
        // The stores of key-value buckets are streams like any other; hidden ones begin with $.
        if (name.startsWith("$")) continue;
        const group = groups.find((one) => isOf(one, account.name, name));
        if (group === undefined) {
          const copy = { host, state, path, consumers, member: null, file: null };
          found.push(singleCopy(qualifiedName(host, account.name, name), name, copy));
        } else if (!seen.has(group.name)) {
          seen.add(group.name);
          found.push(replicated(world, group, groups));
        }
      }
    }
  }
  for (const group of sleepingGroups(world, seen)) found.push(replicated(world, group, groups));
  return found;
}

/** Streams of which no member runs: their logs still lie on the disks. */
function sleepingGroups(world: World, known: ReadonlySet<string>): Group[] {
  const groups = new Map<string, Group>();
  for (const host of serverHosts(world)) {
    if (host.server !== null || host.config?.cluster == null) continue;
    for (const { live } of host.disk.files.values()) {
      if (!("wal" in live)) continue;
      const { group: name, state } = live as GroupFile;
      if (known.has(name) || groups.has(name) || !isStreamState(state)) continue;
      const stream = state.config.name;
      if (stream.startsWith("$")) continue;
      const peers = stableOf(host, name)?.peers ?? [host.name];
      const asset = { kind: "stream", account: "", stream, consumer: "" } as const;
      // What sleeps on a disk does not say whose it is.
      groups.set(name, { ...asset, name, label: stream, running: new Map(), peers });
    }
  }
  return [...groups.values()];
}

/** What a member keeps apart from its log; its file is called by the group. */
function stableOf({ disk }: Host, group: string): RaftStable | null {
  for (const { path, live } of disk.files.values()) {
    if (path.endsWith(`/${group}/stable`)) return live as RaftStable;
  }
  return null;
}

function isOf({ kind, account, stream }: Group, ofAccount: string, name: string): boolean {
  return kind === "stream" && stream === name && account === ofAccount;
}

function singleCopy(name: string, plain: string, copy: Copy): FoundStream {
  const homes = new Map([...copy.consumers.keys()].map((one) => [one, copy.host.name]));
  return { ...copy, name, plain, group: null, led: true, copies: [], homes };
}

function replicated(world: World, group: Group, groups: readonly Group[]): FoundStream {
  const { now } = world.kernel;
  const copies = copiesOf(world, group);
  const leader = leaderOf(group, now);
  const main = copies.find((copy) => copy.host.name === leader) ?? mostAdvanced(copies);
  const homes = new Map<string, string>();
  const consumers = new Map<string, ConsumerState>();
  for (const [name, state] of main.consumers) {
    const own = groups.find((one) => isConsumer(one, group, name));
    // One that runs no Raft of its own lives on the one server that has it.
    const alone = copies.filter((copy) => copy.consumers.has(name));
    const home = own === undefined ? alone[0]?.host.name : leaderOf(own, now);
    if (home != null) homes.set(name, home);
    const there = copies.find((copy) => copy.host.name === home)?.consumers.get(name);
    consumers.set(name, there ?? state);
  }
  const { label: name, stream: plain } = group;
  return { ...main, consumers, name, plain, group, led: leader !== null, copies, homes };
}

function isConsumer(one: Group, { account, stream }: Group, name: string): boolean {
  if (one.kind !== "consumer" || one.consumer !== name) return false;
  return one.account === account && one.stream === stream;
}

/** Of running members first; what lies on the disk of one that is down comes after. */
function mostAdvanced(copies: readonly Copy[]): Copy {
  let best = copies[0] as Copy;
  for (const copy of copies) {
    const better =
      copy.member === null
        ? best.member === null && copy.state.store.seqLast > best.state.store.seqLast
        : best.member === null || copy.member.core.lastIndex > best.member.core.lastIndex;
    if (better) best = copy;
  }
  return best;
}

function copiesOf(world: World, group: Group): Copy[] {
  const { account, stream } = group;
  const copies: Copy[] = [];
  for (const name of [...group.peers].sort()) {
    const host = world.hosts.get(name);
    if (host === undefined) continue;
    const asset = host.server?.jetstream?.accounts.get(account)?.streams.get(stream);
    const member = group.running.get(name) ?? null;
    if (asset !== undefined) {
      const { state, path, consumers } = asset;
      copies.push({ host, state, path, consumers, member, file: member?.file ?? null });
    } else if (host.server === null) {
      const kept = keptCopy(host, group.name);
      if (kept !== null) copies.push(kept);
    }
  }
  return copies;
}

/** What lies on the disk of a server that does not run: a kill leaves it as it was. */
function keptCopy(host: Host, group: string): Copy | null {
  for (const { path, live } of host.disk.files.values()) {
    if (!("wal" in live)) continue;
    const file = live as GroupFile;
    if (file.group !== group || !isStreamState(file.state)) continue;
    return { host, state: file.state, path, consumers: new Map(), member: null, file };
  }
  return null;
}

function isStreamState(state: unknown): state is StreamState {
  return typeof state === "object" && state !== null && "store" in state;
}

/** What a server or a wire calls a stream of an account, as pictures have it. */
export function namedStream(
  streams: readonly FoundStream[],
  plain: string,
  account: string | null,
): string {
  const named = streams.filter((one) => one.plain === plain);
  return (named.find((one) => isOfAccount(one, account)) ?? named[0])?.name ?? plain;
}

function isOfAccount({ name, plain, host }: FoundStream, account: string | null): boolean {
  return account !== null && name === qualifiedName(host, account, plain);
}

/** The stream that takes a subject, of this account when it is known; null when none does. */
export function streamFor(
  streams: readonly FoundStream[],
  subject: string,
  account: string | null = null,
): FoundStream | null {
  for (const stream of streams) {
    if (account !== null && !isOfAccount(stream, account)) continue;
    for (const pattern of stream.state.config.subjects) {
      if (subjectMatches(pattern, subject)) return stream;
    }
  }
  return null;
}

/** The last sequence that a power loss would leave; 0 when nothing was synced. */
export function syncedUpTo({ path, host, state }: Copy): number {
  const file = path === null ? undefined : host.disk.files.get(path);
  if (file === undefined) return path === null ? 0 : state.store.seqLast;
  if (!file.dirty) return state.store.seqLast;
  const synced = file.synced as StreamState | GroupFile;
  const image = "wal" in synced ? synced.state : synced;
  return isStreamState(image) ? image.store.seqLast : 0;
}

/** Sequences at the end of a copy's log that are not in its state yet. */
export interface Ahead {
  /** Known to be committed, not applied. */
  readonly committed: number;
  /** In the log, and as far as this member knows held by no quorum. */
  readonly open: number;
}

export function aheadOf({ member, file }: Copy): Ahead {
  if (file === null) return nothingAhead;
  const { wal, applied } = file;
  const commit = member?.core.commit ?? applied;
  if (logEnd(wal.log) - 1 <= applied) return nothingAhead;
  let committed = 0;
  let open = 0;
  const count = (entry: RaftEntry, at: number): void => {
    const messages = entry.proposals.reduce((sum, one) => sum + messagesIn(one), 0);
    if (at <= commit) committed += messages;
    else open += messages;
  };
  logEach(wal.log, count, Math.max(logFirst(wal.log), applied + 1));
  return { committed, open };
}

/** How many sequences a proposal of a stream's log takes up. */
function messagesIn(proposal: Proposal): number {
  if (proposal.kind !== "normal") return 0;
  const data = proposal.data as StreamProposal;
  if (data.kind === "message") return 1;
  return data.kind === "batch" ? data.entries.length : 0;
}

const nothingAhead: Ahead = { committed: 0, open: 0 };
