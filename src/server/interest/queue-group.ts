/** Which member of a queue group gets a message. */
import type { ServerIo } from "../io.ts";
import type { RemoteInterest, Subscription } from "./subscription.ts";

/**
 * Draws the member that is tried first. Each member of the cluster has the same chance: a server
 * weighs as many as it has. Source: nats-server `weightedQSubIndex`.
 */
export function pickMember(io: ServerIo, members: readonly Subscription[]): number {
  if (members.length < 2) return 0;
  const drawn = io.draw("queue-groups");
  let total = 0;
  for (const { remote } of members) total += remote?.weight ?? 1;
  if (total === members.length) return drawn % total;
  let rest = drawn % total;
  for (let i = 0; i < members.length; i++) {
    rest -= members[i]?.remote?.weight ?? 1;
    if (rest < 0) return i;
  }
  return 0;
}

/** A server that has members of the group. */
export function elsewhere(members: readonly Subscription[]): RemoteInterest | undefined {
  return members.find(({ remote }) => remote !== undefined)?.remote;
}
