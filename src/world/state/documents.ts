/** Streams and consumers as the API describes them, and a server as /varz does. */
import type { ConsumerState } from "../../jetstream/index.ts";
import { fork } from "../../kernel/index.ts";
import { encodeJson, type JsonLike } from "../../protocol/index.ts";
import { jetStreamParts, monitoringParts, type ServerIo } from "../../server/index.ts";
import { type Host, wallClock } from "../host.ts";
import type { World } from "../world.ts";
import { leadingMember } from "./groups.ts";
import { lazyBy, type StateObject } from "./lazy.ts";
import { type FoundStream, findStreams, type Replica } from "./streams.ts";

/** `streams`: by name, as `STREAM.INFO` answers, with `leader` and `stale`. */
export function streamSection(world: World): StateObject {
  return lazyBy(
    findStreams(world),
    (found) => found.name,
    ({ host, asset, leader }) => {
      if (host.server === null) return {};
      const io = lookingIo(world, host);
      const document = plainObject(jetStreamParts().streamDocument(host.server, io, asset));
      return { ...document, leader, stale: leader === "" };
    },
  );
}

interface FoundConsumer extends Replica {
  readonly consumer: ConsumerState;
  /** "" for none. */
  readonly leader: string;
}

/** `consumers`: by `STREAM/consumer`, as `CONSUMER.INFO` answers, with `stalled_reason`. */
export function consumerSection(world: World): StateObject {
  const all = findStreams(world).flatMap(consumersOf);
  return lazyBy(
    all,
    ({ name, consumer }) => `${name}/${consumer.name}`,
    (found) => consumerView(world, found),
  );
}

/** Each consumer of a stream as its own leader has it, or whoever is furthest. */
function consumersOf({ replicas }: FoundStream): FoundConsumer[] {
  const byName = new Map<string, FoundConsumer>();
  const held = replicas.flatMap((replica) => {
    return [...replica.asset.consumers.values()].map((consumer) => ({ ...replica, consumer }));
  });
  for (const one of held) {
    const { name } = one.consumer;
    const leader = consumerLeader(one, replicas);
    const known = byName.get(name);
    const isBetter =
      known === undefined || (leader === "" ? reach(one) > reach(known) : leader === one.host.name);
    if (isBetter) byName.set(name, { ...one, leader });
  }
  return [...byName.values()];
}

/** Who leads a consumer: its group's leader; without a group, whoever has it. */
function consumerLeader(
  { host, asset, consumer }: Replica & { readonly consumer: ConsumerState },
  replicas: readonly Replica[],
): string {
  const members = replicas.flatMap((replica) => {
    for (const group of replica.host.server?.groups?.values() ?? []) {
      if (group.kind !== "consumer" || group.consumer !== consumer.name) continue;
      if (group.stream !== asset.name || group.account !== asset.account) continue;
      return [{ host: replica.host, group }];
    }
    return [];
  });
  return members.length === 0 ? host.name : (leadingMember(members)?.host.name ?? "");
}

function reach({ consumer }: FoundConsumer | { readonly consumer: ConsumerState }): number {
  return consumer.seqNext;
}

/** What /varz answers now; empty while the server is down. Looking changes nothing. */
export function varzDocument(world: World, host: Host): StateObject {
  if (host.server === null) return {};
  const { status, body } = monitoringParts().monitor(
    fork(host.server),
    lookingIo(world, host),
    "/varz",
    "",
  );
  return status === 200 ? (JSON.parse(body) as StateObject) : {};
}

function consumerView(world: World, { host, asset, consumer, leader }: FoundConsumer): StateObject {
  if (host.server === null) return {};
  const io = lookingIo(world, host);
  const { consumerDocument } = jetStreamParts();
  const document = plainObject(consumerDocument(host.server, io, asset, consumer));
  const stalled_reason = stalledReason(document);
  return { ...document, leader, stale: leader === "", stalled_reason };
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
