/** One input to one consumer, with everything that follows from it performed. */
import {
  type ConsumerEffect,
  type ConsumerInput,
  type ConsumerScene,
  stepConsumer,
} from "../../../jetstream/index.ts";
import { type Aftermath, type ConsumerPlace, performConsumerEffects } from "./consumer-effects.ts";
import { consumerScene } from "./consumer-scene.ts";

/** Gives a consumer an input; answers what is left to do. */
export function runConsumer(place: ConsumerPlace, input: ConsumerInput): Aftermath {
  return withConsumer(place, (scene, out) => stepConsumer(place.consumer, scene, input, out));
}

/**
 * Lets `act` use the core of a consumer, and performs what it pushed. Deliveries that reached
 * nobody are given back to the consumer, which may send something in turn.
 */
export function withConsumer(
  place: ConsumerPlace,
  act: (scene: ConsumerScene, out: ConsumerEffect[]) => void,
): Aftermath {
  const { server, io, asset, consumer } = place;
  const scene = consumerScene(server, io, asset);
  const effects: ConsumerEffect[] = [];
  act(scene, effects);
  const aftermath = performConsumerEffects(place, effects);
  for (let i = 0; i < aftermath.undelivered.length; i++) {
    const failed = aftermath.undelivered[i];
    if (failed === undefined) continue;
    const { seq, to } = failed;
    const more: ConsumerEffect[] = [];
    stepConsumer(consumer, scene, { kind: "undelivered", seq, to }, more);
    const next = performConsumerEffects(place, more);
    aftermath.unneeded.push(...next.unneeded);
    aftermath.undelivered.push(...next.undelivered);
    aftermath.resets.push(...next.resets);
    aftermath.isInactive ||= next.isInactive;
  }
  return aftermath;
}
