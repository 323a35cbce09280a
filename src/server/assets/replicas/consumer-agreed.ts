/**
 * What a member of a consumer's group does with what the group agreed upon, and when it comes to
 * lead it. Followers keep the durable state only; a new leader makes the rest of it.
 * Source: nats-server `server/jetstream_cluster.go` `applyConsumerEntries`,
 * `processConsumerLeaderChange`; `server/consumer.go` `setLeader`.
 */
import {
  applyConsumerEntry,
  type ConsumerEntry,
  type ConsumerStore,
  createMember,
  dismissRequests,
} from "../../../jetstream/index.ts";
import { fork } from "../../../kernel/index.ts";
import type { GroupHandler, GroupPlace } from "../../groups/group-handlers.ts";
import { propose } from "../../groups/propose.ts";
import { forgetAudience } from "../consumers/audience.ts";
import { letGo, takeUp } from "../consumers/consumer-asset.ts";
import type { ConsumerPlace } from "../consumers/consumer-effects.ts";
import { finishConsumer } from "../consumers/consumer-inbound.ts";
import { consumerGround, consumerScene } from "../consumers/consumer-scene.ts";
import { withConsumer } from "../consumers/consumer-step.ts";
import { findStream } from "../stream-lookup.ts";
import { tellNews } from "./news.ts";

export const consumerHandler: GroupHandler = {
  apply(place, data) {
    const at = placeOf(place);
    if (at === null) return;
    const entry = data as ConsumerEntry;
    const aftermath = withConsumer(at, (scene, out) => {
      applyConsumerEntry(at.consumer, scene, entry, out);
    });
    finishConsumer(at, aftermath);
  },
  restore(place, data) {
    const at = placeOf(place);
    // A leader's own snapshot is behind what it knows.
    if (at === null || at.consumer.leader) return;
    const { store } = data as { readonly store: ConsumerStore };
    if (at.consumer.store !== null) Object.assign(at.consumer.store, fork(store));
    becomeMember(at, false);
  },
  snapshot(place) {
    const store = placeOf(place)?.consumer.store ?? null;
    if (store === null) return null;
    const bytes = 64 + 16 * (store.pending.size + store.redelivered.size);
    return { data: Object.freeze({ store: fork(store) }), bytes };
  },
  leadership(place, isLeader) {
    const at = placeOf(place);
    if (at !== null) followLead(place, at, isLeader);
  },
  quorumLost({ server, group }) {
    const { account, stream, consumer } = group;
    tellNews(server, { kind: "quorum-lost", account, stream, consumer });
  },
};

function followLead(place: GroupPlace, at: ConsumerPlace, isLeader: boolean): void {
  const { server, group } = place;
  const wasLeader = at.consumer.leader;
  if (wasLeader) letGo(at);
  if (isLeader) lead(place, at);
  else if (wasLeader) becomeMember(at, false);
  const { account, stream, consumer } = group;
  tellNews(server, { kind: "leader", account, stream, consumer, isLeader });
}

function lead({ server, group }: GroupPlace, at: ConsumerPlace): void {
  const { replicated } = at.consumer;
  const isNew = at.consumer.store?.written === false;
  const leading = becomeMember(at, true);
  const { consumer } = leading;
  if (isNew) {
    // The others are to begin where this one does.
    const entry: ConsumerEntry = { kind: "skipped", streamSeq: consumer.seqNext };
    propose(server, group, Object.freeze(entry), entryBytes);
  }
  takeUp(leading);
  if (replicated === null) return;
  const aftermath = withConsumer(leading, (_, out) => {
    dismissRequests({ ...consumer, replicated }, out);
  });
  finishConsumer(leading, aftermath);
}

const entryBytes = 24;

/** Puts a fresh consumer, made of what was agreed, in place of the present one. */
function becomeMember(at: ConsumerPlace, leads: boolean): ConsumerPlace {
  const { server, io, asset, consumer } = at;
  const { store, name, created } = consumer;
  if (store === null) return at;
  const onDisk = asset.path !== null && !consumer.config.mem_storage;
  const identity = { ...consumerGround(server, asset), name, created, onDisk };
  const made = createMember(identity, store, consumerScene(server, io, asset), leads);
  // Every member saw when messages went out and were acknowledged.
  made.lastDelivered = consumer.lastDelivered;
  made.lastAcked = consumer.lastAcked;
  asset.consumers.set(name, made);
  forgetAudience(asset);
  return { ...at, consumer: made };
}

/** The consumer of a group; null when it is not here any more. */
function placeOf({ server, io, group }: GroupPlace): ConsumerPlace | null {
  const asset = findStream(server, group.account, group.stream);
  const consumer = asset?.consumers.get(group.consumer);
  if (asset === null || consumer === undefined) return null;
  if (asset.replica?.consumerGroups.get(group.consumer) !== group.name) return null;
  return { server, io, asset, consumer };
}
