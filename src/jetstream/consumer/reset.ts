/** Putting a consumer back to an earlier or later position. Source: nats-server `resetStartingSeq`. */
import {
  createTable,
  parseStoredTime,
  type StreamSeq,
  zeroStoredTime,
} from "../../kernel/index.ts";
import { ApiError } from "../errors.ts";
import { int64ToNumber } from "../int64.ts";
import { nextMatch, seqAtTime } from "../stream/store/message-search.ts";
import { clearPending } from "./acks/pending.ts";
import { clearAgain } from "./acks/redelivery.ts";
import type { ConsumerEffect } from "./effects.ts";
import type { ConsumerScene } from "./inputs.ts";
import { recountUnseen, setPosition } from "./start.ts";
import type { ConsumerState } from "./state.ts";
import { storeReset } from "./store.ts";

/**
 * The sequence that a reset leads to: the one asked for, or just after the ack floor for 0. Throws
 * `ApiError` when the deliver policy does not allow it.
 */
export function checkReset(
  consumer: ConsumerState,
  scene: ConsumerScene,
  asked: number,
): StreamSeq {
  if (asked === 0) return (consumer.floorStream + 1) as StreamSeq;
  const { deliver_policy, opt_start_seq, opt_start_time } = consumer.config;
  const refuse = (err: string): never => {
    throw new ApiError("JSConsumerInvalidResetErr", { err });
  };
  switch (deliver_policy) {
    case "all":
      break;
    case "by_start_sequence":
      if (asked < int64ToNumber(opt_start_seq)) refuse("below start seq");
      break;
    case "by_start_time": {
      const start = parseStoredTime(opt_start_time ?? "") ?? zeroStoredTime;
      if (asked < seqAtTime(scene.stream.store, start)) refuse("below start time");
      break;
    }
    default:
      refuse("not allowed");
  }
  return asked as StreamSeq;
}

/** Begins anew at `seq`: nothing pending, consumer sequences from 1. */
export function resetTo(
  consumer: ConsumerState,
  scene: ConsumerScene,
  seq: StreamSeq,
  out: ConsumerEffect[],
): void {
  const { ack_policy } = consumer.config;
  let recount = consumer.seqNext !== seq || consumer.pending.size > 0;
  // Back to the floor: what was pending is unseen again, and acks in order left no gaps in it.
  const inOrder = ack_policy === "all" || ack_policy === "flow_control";
  if (recount && seq === consumer.floorStream + 1 && inOrder && consumer.leader) {
    consumer.unseen += consumer.pending.size;
    recount = false;
  }
  clearPending(consumer);
  consumer.redelivered = createTable();
  clearAgain(consumer);
  setPosition(consumer, seq);
  consumer.lastDelivered = null;
  consumer.lastAcked = null;
  if (consumer.store !== null) {
    storeReset(consumer.store, (seq - 1) as StreamSeq);
    consumer.unsaved += 1;
    if (scene.stream.config.retention === "interest") releaseBelow(consumer, scene, out);
  }
  if (recount) recountUnseen(consumer, scene);
}

/**
 * What lies below the new floor is needed no more; a floor beyond the stream's end is not believed.
 * Source: `checkStateForInterestStream`.
 */
function releaseBelow(consumer: ConsumerState, scene: ConsumerScene, out: ConsumerEffect[]): void {
  const { store } = scene.stream;
  if (consumer.floorStream > store.seqLast) return;
  let seq = nextMatch(store, consumer.filters, store.seqFirst);
  while (seq !== null && seq <= consumer.floorStream) {
    out.push({ kind: "released", seq });
    seq = nextMatch(store, consumer.filters, (seq + 1) as StreamSeq);
  }
}
