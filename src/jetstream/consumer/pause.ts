/** Pausing delivery until a time. Source: nats-server `updatePauseState`, ADR-46. */
import {
  parseStoredTime,
  type VirtualNanos,
  virtualAt,
  zeroStoredTime,
} from "../../kernel/index.ts";
import type { ConsumerConfig } from "./config/config-shape.ts";
import type { ConsumerAdvisory, ConsumerEffect } from "./effects.ts";
import type { ConsumerScene } from "./inputs.ts";
import { isPaused } from "./limits.ts";
import type { ConsumerState } from "./state.ts";
import { dropTimer, wantTimer } from "./timers.ts";

/** Sets the timer that ends the pause, if there is one to end. */
export function armUnpause(
  consumer: ConsumerState,
  scene: ConsumerScene,
  out: ConsumerEffect[],
): void {
  dropTimer(consumer, "unpause");
  if (!consumer.leader || !isPaused(consumer.config, scene.wall)) return;
  const until = parseStoredTime(consumer.config.pause_until ?? "") ?? zeroStoredTime;
  const left = virtualAt(until) - virtualAt(scene.wall);
  wantTimer(consumer, "unpause", (scene.now + left) as VirtualNanos, out);
}

/** Tells whether delivery is paused now. */
export function pauseAdvisory(config: ConsumerConfig, scene: ConsumerScene): ConsumerAdvisory {
  const paused = isPaused(config, scene.wall);
  return { kind: "pause", paused, pause_until: config.pause_until };
}
