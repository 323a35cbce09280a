/** What holds delivery back. */
import { compareStoredTime, parseStoredTime } from "../../kernel/index.ts";
import type { ConsumerConfig } from "./config/config-shape.ts";
import type { ConsumerScene } from "./inputs.ts";
import type { ConsumerState } from "./state.ts";

/** Whether `max_ack_pending` allows no new message. */
export function isFull(consumer: ConsumerState): boolean {
  const most = consumer.config.max_ack_pending;
  return most > 0 && consumer.pending.size >= most;
}

/** Whether delivery is paused at this moment of the wall clock. */
export function isPaused(config: ConsumerConfig, wall: ConsumerScene["wall"]): boolean {
  if (config.pause_until === null) return false;
  const until = parseStoredTime(config.pause_until);
  return until !== null && compareStoredTime(wall, until) < 0;
}
