/** Streams and consumers of a world, wherever they live. Read only. */
import type { ConsumerState, StreamState } from "../../jetstream/index.ts";
import { subjectMatches } from "../../protocol/index.ts";
import { type Host, serverHosts, type World } from "../../world/index.ts";

export interface FoundStream {
  readonly host: Host;
  readonly name: string;
  readonly state: StreamState;
  readonly path: string | null;
  readonly consumers: ReadonlyMap<string, ConsumerState>;
}

/** Every stream of every server that is up, in the order of servers and of creation. */
export function allStreams(world: World): FoundStream[] {
  const found: FoundStream[] = [];
  for (const host of serverHosts(world)) {
    for (const account of host.server?.jetstream?.accounts.values() ?? []) {
      for (const { name, state, path, consumers } of account.streams.values()) {
        // The stores of key-value buckets are streams like any other; hidden ones begin with $.
        if (!name.startsWith("$")) found.push({ host, name, state, path, consumers });
      }
    }
  }
  return found;
}

/** The stream that takes a subject; null when none does. */
export function streamFor(streams: readonly FoundStream[], subject: string): FoundStream | null {
  for (const stream of streams) {
    for (const pattern of stream.state.config.subjects) {
      if (subjectMatches(pattern, subject)) return stream;
    }
  }
  return null;
}

/** The last sequence that a power loss would leave; 0 when nothing was synced. */
export function syncedUpTo(stream: FoundStream): number {
  const file = stream.path === null ? undefined : stream.host.disk.files.get(stream.path);
  if (file === undefined) return stream.path === null ? 0 : stream.state.store.seqLast;
  if (!file.dirty) return stream.state.store.seqLast;
  return (file.synced as StreamState).store.seqLast;
}
