/** What streams ask of the consumers' side. */
import type {
  ConsumerInput,
  ConsumerState,
  ConsumerStore,
  StreamEffect,
} from "../../../jetstream/index.ts";
import { assert, type StreamSeq } from "../../../kernel/index.ts";
import type { ServerIo } from "../../io.ts";
import type { ServerState } from "../../state.ts";
import type { StreamAsset } from "../jetstream-state.ts";
import { audienceOf } from "./audience.ts";
import { removeConsumer, reviveConsumer } from "./consumer-asset.ts";
import { consumersFolder } from "./consumer-effects.ts";
import { runConsumer } from "./consumer-step.ts";
import { unneededSinceLimits } from "./interest-began.ts";

/**
 * Tells each consumer of the stream what happened to it, in order; answers messages that none
 * needs any more. What was removed is told before what was stored, as the server does, so that
 * nobody counts a message that is already gone.
 */
export function followStream(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  effects: readonly StreamEffect[],
): readonly StreamSeq[] {
  const unneeded: StreamSeq[] = [];
  for (const isStored of [false, true]) {
    for (let i = 0; i < effects.length; i++) {
      const effect = effects[i];
      if (effect === undefined || (effect.kind === "stored") !== isStored) continue;
      tell(server, io, asset, { effect, unneeded });
    }
  }
  return unneeded;
}

/** Brings the stream's consumers back from the disk after the process started. */
export function restoreConsumers(server: ServerState, io: ServerIo, asset: StreamAsset): void {
  if (asset.path === null) return;
  for (const path of io.disk.list(consumersFolder(asset.path))) {
    const store = io.disk.open<ConsumerStore | null>(path, () => null);
    assert(store !== null, `no consumer behind ${path}`);
    reviveConsumer(server, io, asset, store);
  }
}

/** The stream is being deleted: its consumers go with it, and those who wait are told. */
export function deleteConsumers(server: ServerState, io: ServerIo, asset: StreamAsset): void {
  for (const consumer of [...asset.consumers.values()]) {
    removeConsumer({ server, io, asset, consumer });
  }
}

/** Whether any consumer of an interest stream wants a message with this subject. */
export function anyConsumerWants(asset: StreamAsset, subject: string): boolean {
  return audienceOf(asset, subject).length > 0;
}

function tell(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  news: { readonly effect: StreamEffect; readonly unneeded: StreamSeq[] },
): void {
  const { effect, unneeded } = news;
  if (effect.kind === "updated") {
    const began = effect.before.retention === "limits";
    if (began && asset.state.config.retention !== "limits") {
      unneeded.push(...unneededSinceLimits(asset));
    }
    return;
  }
  const input = inputOf(effect);
  if (input === null) return;
  for (const consumer of concernedBy(asset, effect)) {
    // A follower of the consumer's group learns what it needs from its leader.
    if (!consumer.leader || asset.consumers.get(consumer.name) !== consumer) continue;
    const aftermath = runConsumer({ server, io, asset, consumer }, input);
    unneeded.push(...aftermath.unneeded);
  }
}

function inputOf(effect: StreamEffect): ConsumerInput | null {
  switch (effect.kind) {
    case "stored":
      return { kind: "stored", seq: effect.seq };
    case "removed":
      return { kind: "removed", seq: effect.seq, subject: effect.subject };
    case "purged":
      return effect;
    default:
      return null;
  }
}

function concernedBy(asset: StreamAsset, effect: StreamEffect): readonly ConsumerState[] {
  const isOfSubject = effect.kind === "stored" || effect.kind === "removed";
  return isOfSubject ? audienceOf(asset, effect.subject) : [...asset.consumers.values()];
}
