/** Plays one weather to its end and says what broke. */
import { loadMessage, type StreamState } from "../../src/jetstream/index.ts";
import { AssertionError, streamSeq, virtualNanos } from "../../src/kernel/index.ts";
import { parseScenario } from "../../src/link/index.ts";
import { getHeader } from "../../src/protocol/index.ts";
import { Session, type SessionGround } from "../../src/scenario/index.ts";
import { serverHosts, stateObject, type World } from "../../src/world/index.ts";
import type { Weather } from "./weather.ts";

/** What a run came to: each violation is a sentence. */
export interface Outcome {
  readonly violations: readonly string[];
  /** Publishes that were acknowledged, so that a run in which nothing happened is seen. */
  readonly acked: number;
  readonly events: number;
}

export async function play(weather: Weather, ground: SessionGround): Promise<Outcome> {
  const quiet = { ...ground, tracing: false, record: false };
  const session = await Session.open(parseScenario(weather.text), quiet);
  try {
    await session.runUntil(virtualNanos(weather.endsAt * 1e9));
    const { world } = session;
    let acked = 0;
    for (const actor of world.actors.values()) acked += actor.counters.acked;
    return { violations: judge(world, weather), acked, events: world.kernel.eventsRun };
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    const { eventsRun: events, now } = session.world.kernel;
    const text = `assertion at ${(now / 1e9).toFixed(3)}s: ${error.message}`;
    return { violations: [text], acked: 0, events };
  } finally {
    await session.dispose().catch(() => undefined);
  }
}

interface Ledger {
  readonly broken: number;
  readonly raft_violations: number;
  readonly breaks: readonly {
    readonly stream: string;
    readonly seq: number;
    readonly why: string;
  }[];
  readonly raft_breaks: readonly { readonly at: number; readonly text: string }[];
}

function judge(world: World, weather: Weather): string[] {
  const found: string[] = [];
  const ledger = stateObject(world).ledger as Ledger;
  for (const { at, text } of ledger.raft_breaks) {
    found.push(`raft, at ${(at / 1e9).toFixed(3)}s: ${text}`);
  }
  if (weather.isLossy) return found;
  for (const { stream, seq, why } of ledger.breaks.slice(0, 3)) {
    found.push(`lost: ${stream} ${seq}: ${why}`);
  }
  for (const stream of weather.streams) found.push(...judgeStream(world, stream));
  return found;
}

/** All replicas hold the same, each acknowledged message once. */
function judgeStream(
  world: World,
  { name, publisher }: { readonly name: string; readonly publisher: string },
): string[] {
  const replicas = replicasOf(world, name);
  const [first, ...others] = replicas;
  if (first === undefined) return [`stream ${name} is nowhere`];
  const streams = stateObject(world).streams as Record<string, { leader?: string } | undefined>;
  if ((streams[name]?.leader ?? "") === "") return [`stream ${name} has no leader in the end`];
  const ids = idsOf(first.state);
  for (const other of others) {
    const theirs = idsOf(other.state);
    const part = ids.findIndex((id, i) => theirs[i] !== id);
    if (part < 0 && theirs.length === ids.length) continue;
    const where = part < 0 ? ids.length : part;
    return [`replicas of ${name} differ: ${first.host} and ${other.host} part at ${where + 1}`];
  }
  if (new Set(ids).size < ids.length) return [`${name} holds a message twice`];
  const acked = world.actors.get(publisher)?.counters.acked ?? 0;
  if (ids.length < acked) return [`${name} holds ${ids.length} messages, ${acked} were acked`];
  return acked === 0 ? [`nothing was ever published to ${name}`] : [];
}

function replicasOf(world: World, name: string): { host: string; state: StreamState }[] {
  return serverHosts(world).flatMap((host) => {
    for (const account of host.server?.jetstream?.accounts.values() ?? []) {
      const asset = account.streams.get(name);
      if (asset !== undefined) return [{ host: host.name, state: asset.state }];
    }
    return [];
  });
}

/** Message ids in the order of the stream. */
function idsOf({ store }: StreamState): string[] {
  const ids: string[] = [];
  for (let seq = store.seqFirst; seq <= store.seqLast; seq = streamSeq(seq + 1)) {
    const message = loadMessage(store, seq);
    ids.push(message === null ? "" : (getHeader(message.headers, "Nats-Msg-Id") ?? ""));
  }
  return ids;
}
