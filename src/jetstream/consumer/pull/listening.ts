import type { ConsumerScene } from "../inputs.ts";
import type { WaitingRequest } from "../state.ts";

/** Whether somebody waits for the answers. Source: `trackDownAccountAndInterest`. */
export function isListening(scene: ConsumerScene, { reply, requester }: WaitingRequest): boolean {
  return requester === undefined ? scene.hasInterest(reply) : scene.hasRequester(requester);
}
