/** One consumer, one input: the pure core of delivery. */
import type { StreamState } from "../stream/stream-shape.ts";
import type { ConsumerEffect } from "./effects.ts";
import type { ConsumerInput, ConsumerScene } from "./inputs.ts";
import type { ConsumerState } from "./state.ts";

/**
 * Advances a consumer by one input.
 *
 * Mutates the consumer (and its store) and nothing else; what the server must do is pushed onto
 * `out` in the order in which it must happen. Reads clocks and interest from `scene` only.
 * Source: nats-server `server/consumer.go`.
 */
export declare function stepConsumer(
  consumer: ConsumerState,
  stream: StreamState,
  scene: ConsumerScene,
  step: { readonly input: ConsumerInput; readonly out: ConsumerEffect[] },
): void;
