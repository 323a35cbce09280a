/**
 * The auditor of stored messages. A running server forgets a message only for reasons that NATS
 * names (a limit, a purge, a delete, an ack); a crash names none. So each crash is looked at: what
 * was there and acknowledged before it must be there after it.
 */

import { loadMessage, type StreamState } from "../../jetstream/index.ts";
import { type StreamSeq, seqSetAdd, seqSetEach, seqSetRemove } from "../../kernel/index.ts";
import type { Host } from "../host.ts";
import { qualifiedName } from "../state/account.ts";
import type { Doors, World } from "../world.ts";
import { type StreamLedger, streamLedger } from "./ledger.ts";
import { auditMembers } from "./member-audit.ts";
import { tellBroken } from "./tell-broken.ts";

/** Lets `crash` happen to a host, and books which acknowledged messages it took. */
export function auditCrash(
  world: World,
  doors: Doors,
  host: Host,
  crash: { readonly why: string; readonly act: () => void },
): void {
  if (!world.options.ledger) {
    crash.act();
    return;
  }
  auditMembers(world, host, () => auditStreams(world, doors, host, crash));
}

/** Of streams with one replica: nobody else has what this host loses. */
function auditStreams(
  world: World,
  doors: Doors,
  host: Host,
  crash: { readonly why: string; readonly act: () => void },
): void {
  const before = streamsOn(host);
  forgetDeleted(world, host, before);
  for (const stream of before)
    releaseRemoved(streamLedger(world.ledger, stream.name), stream.state);
  crash.act();
  for (const stream of before) {
    const survivor = stream.path === null ? null : host.disk.files.get(stream.path)?.live;
    const after = (survivor ?? null) as StreamState | null;
    if (after !== stream.state) compare(world, doors, { ...stream, after, why: crash.why });
  }
}

interface HeldStream {
  readonly name: string;
  readonly state: StreamState;
  readonly path: string | null;
}

function streamsOn(host: Host): HeldStream[] {
  const held: HeldStream[] = [];
  const replicated = new Set<string>();
  for (const group of host.server?.groups?.values() ?? []) {
    if (group.kind === "stream") replicated.add(`${group.account} ${group.stream}`);
  }
  for (const account of host.server?.jetstream?.accounts.values() ?? []) {
    for (const { name, state, path } of account.streams.values()) {
      if (replicated.has(`${account.name} ${name}`)) continue;
      held.push({ name: qualifiedName(host, account.name, name), state, path });
    }
  }
  return held;
}

/** A stream that a running server does not have was deleted, and its promises with it. */
function forgetDeleted(world: World, host: Host, held: readonly HeldStream[]): void {
  // Other servers of a cluster hold other streams.
  if (host.server === null || host.server.groups !== undefined) return;
  for (const name of [...world.ledger.streams.keys()]) {
    if (!held.some((stream) => stream.name === name)) world.ledger.streams.delete(name);
  }
}

function releaseRemoved(book: StreamLedger, stream: StreamState): void {
  for (const seq of absentFrom(book, stream)) seqSetRemove(book.acked, seq);
}

interface Comparison extends HeldStream {
  /** Null: nothing is left of the stream. */
  readonly after: StreamState | null;
  readonly why: string;
}

function compare(world: World, doors: Doors, { name, state, after, why }: Comparison): void {
  const book = streamLedger(world.ledger, name);
  for (let seq = state.store.seqFirst; seq <= state.store.seqLast; seq = nextSeq(seq)) {
    const isLost = hasMessage(state, seq) && !hasMessage(after, seq);
    if (!isLost) continue;
    seqSetAdd(book.lost, seq);
    if (!seqSetRemove(book.acked, seq)) continue;
    tellBroken(world, doors, { host: "", stream: name, seq, why });
  }
}

/** The acknowledged sequences that the stream does not hold. */
function absentFrom(book: StreamLedger, stream: StreamState): number[] {
  const absent: number[] = [];
  seqSetEach(book.acked, (first, last) => {
    for (let seq = first; seq <= last; seq++) {
      if (!hasMessage(stream, seq as StreamSeq)) absent.push(seq);
    }
  });
  return absent;
}

function hasMessage(stream: StreamState | null, seq: StreamSeq): boolean {
  return stream !== null && loadMessage(stream.store, seq) !== null;
}

function nextSeq(seq: StreamSeq): StreamSeq {
  return (seq + 1) as StreamSeq;
}
