/** Streams and consumers as the API describes them, and a server as /varz does. */

import type { ConsumerState } from "../../jetstream/index.ts";
import { fork, formatStoredTime, type StoredTime, zeroStoredTime } from "../../kernel/index.ts";
import { monitor, type ServerIo } from "../../server/index.ts";
import { type Host, wallClock } from "../host.ts";
import type { World } from "../world.ts";
import { lazyBy, type StateObject } from "./lazy.ts";
import { type FoundStream, findStreams } from "./streams.ts";

/** `streams`: by name, as `STREAM.INFO` answers, with `leader` and `stale`. */
export function streamSection(world: World): StateObject {
  return lazyBy(findStreams(world), (found) => found.name, streamView);
}

/** `consumers`: by `STREAM/consumer`, as `CONSUMER.INFO` answers, with `stalled_reason`. */
export function consumerSection(world: World): StateObject {
  const all: { readonly name: string; readonly consumer: ConsumerState }[] = [];
  for (const { name, asset } of findStreams(world)) {
    for (const consumer of asset.consumers.values()) {
      all.push({ name: `${name}/${consumer.name}`, consumer });
    }
  }
  return lazyBy(
    all,
    (one) => one.name,
    (one) => consumerView(one.consumer),
  );
}

/** What /varz answers now; empty while the server is down. Looking changes nothing. */
export function varzDocument(world: World, host: Host): StateObject {
  if (host.server === null) return {};
  const { status, body } = monitor(fork(host.server), lookingIo(world, host), "/varz", "");
  return status === 200 ? (JSON.parse(body) as StateObject) : {};
}

function streamView({ host, asset }: FoundStream): StateObject {
  const { state } = asset;
  const { store } = state;
  return {
    config: state.config,
    created: formatStoredTime(state.created),
    state: {
      messages: store.messages,
      bytes: store.bytes,
      first_seq: store.seqFirst,
      first_ts: timeText(store.timeFirst),
      last_seq: store.seqLast,
      last_ts: timeText(store.timeLast),
      consumer_count: asset.consumers.size,
    },
    leader: host.name,
    stale: false,
  };
}

function consumerView(consumer: ConsumerState): StateObject {
  return { stream_name: consumer.stream, name: consumer.name, config: consumer.config };
}

function timeText(time: StoredTime | null): string {
  return formatStoredTime(time ?? zeroStoredTime);
}

/** Enough of a machine for a server that is only looked at, on a copy. */
function lookingIo(world: World, host: Host): ServerIo {
  const nothing = (): void => {};
  return {
    now: world.kernel.now,
    wall: wallClock(world, host),
    draw: () => 0,
    send: nothing,
    close: nothing,
    setTimer: nothing,
    clearTimer: nothing,
    disk: {
      open: (_path, create) => create(),
      has: (path) => host.disk.files.has(path),
      list: () => [],
      wrote: nothing,
      sync: nothing,
      remove: nothing,
    },
    tracing: false,
    trace: nothing,
    log: nothing,
  };
}
