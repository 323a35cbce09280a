/** `fault drop`: rules that make single messages vanish from a connection (our model, not TCP). */
import type { World } from "../world.ts";
import type { Mark } from "./marks.ts";

/** What can be dropped; each is a kind of flight. */
export const dropKinds = [
  "publish",
  "puback",
  "delivery",
  "ack",
  "nak",
  "term",
  "progress",
  "pull",
  "status",
  "request",
  "api",
  "reply",
  "message",
  "append",
  "append-reply",
  "heartbeat",
  "vote-request",
  "vote",
  "route",
] as const;
export type DropKind = (typeof dropKinds)[number];

export interface DropRule {
  readonly what: DropKind;
  readonly stream: string | null;
  readonly consumer: string | null;
  readonly subject: string | null;
  /** How many are still to vanish. */
  left: number;
}

/** Kinds whose messages say which stream they are about. */
export function namesStream(what: DropKind): boolean {
  return !["publish", "status", "request", "api", "reply", "message"].includes(what);
}

/** True when a rule takes this message away; counts it, and removes a rule that is used up. */
export function takeDrop(world: World, mark: Mark): boolean {
  for (let i = 0; i < world.drops.length; i++) {
    const rule = world.drops[i];
    if (rule === undefined || !matches(rule, mark)) continue;
    rule.left--;
    if (rule.left <= 0) world.drops.splice(i, 1);
    return true;
  }
  return false;
}

function matches(rule: DropRule, mark: Mark): boolean {
  if (rule.what !== mark.what) return false;
  if (rule.stream !== null && rule.stream !== mark.stream) return false;
  if (rule.consumer !== null && rule.consumer !== mark.consumer) return false;
  return rule.subject === null || rule.subject === mark.subject;
}
