/** Streams and consumers as the API describes them, and a server as /varz does. */
import type { ConsumerState } from "../../jetstream/index.ts";
import { fork } from "../../kernel/index.ts";
import { encodeJson, type JsonLike } from "../../protocol/index.ts";
import { consumerDocument, monitor, type ServerIo, streamDocument } from "../../server/index.ts";
import { type Host, wallClock } from "../host.ts";
import type { World } from "../world.ts";
import { lazyBy, type StateObject } from "./lazy.ts";
import { type FoundStream, findStreams } from "./streams.ts";

/** `streams`: by name, as `STREAM.INFO` answers, with `leader` and `stale`. */
export function streamSection(world: World): StateObject {
  return lazyBy(
    findStreams(world),
    (found) => found.name,
    ({ host, asset }) => {
      if (host.server === null) return {};
      const document = plainObject(streamDocument(host.server, asset));
      return { ...document, leader: host.name, stale: false };
    },
  );
}

interface FoundConsumer extends FoundStream {
  readonly consumer: ConsumerState;
}

/** `consumers`: by `STREAM/consumer`, as `CONSUMER.INFO` answers, with `stalled_reason`. */
export function consumerSection(world: World): StateObject {
  const all: FoundConsumer[] = [];
  for (const found of findStreams(world)) {
    for (const consumer of found.asset.consumers.values()) all.push({ ...found, consumer });
  }
  return lazyBy(
    all,
    ({ name, consumer }) => `${name}/${consumer.name}`,
    (found) => consumerView(world, found),
  );
}

/** What /varz answers now; empty while the server is down. Looking changes nothing. */
export function varzDocument(world: World, host: Host): StateObject {
  if (host.server === null) return {};
  const { status, body } = monitor(fork(host.server), lookingIo(world, host), "/varz", "");
  return status === 200 ? (JSON.parse(body) as StateObject) : {};
}

function consumerView(world: World, { host, asset, consumer }: FoundConsumer): StateObject {
  if (host.server === null) return {};
  const io = lookingIo(world, host);
  const document = plainObject(consumerDocument(host.server, io, asset, consumer));
  return { ...document, stalled_reason: stalledReason(document) };
}

/** Why a consumer delivers nothing although messages wait; empty when it does or none do. */
function stalledReason(info: StateObject): string {
  const config = info.config as { max_ack_pending?: number; deliver_subject?: string };
  const { num_pending: waiting, num_ack_pending: unacked } = info;
  if (waiting === 0) return "";
  if (info.paused === true) return "paused";
  const limit = config.max_ack_pending ?? -1;
  if (limit > 0 && typeof unacked === "number" && unacked >= limit) return "max_ack_pending";
  const isPush = config.deliver_subject !== undefined;
  if (isPush) return info.push_bound === true ? "" : "no subscriber on its deliver subject";
  return info.num_waiting === 0 ? "no pull request waits" : "";
}

/** Plain numbers and text, without what is left out on the wire. */
function plainObject(fields: JsonLike): StateObject {
  return JSON.parse(encodeJson(fields)) as StateObject;
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
