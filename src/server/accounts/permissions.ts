/** What a user may publish and hear. */
import { plus, type VirtualNanos } from "../../kernel/index.ts";
import {
  hasEmptyToken,
  isSubsetOf,
  isWildcard,
  subjectMatches,
  subjectsCollide,
} from "../../protocol/index.ts";
import type { PermissionsConfig, SubjectPermission } from "../config/account-config.ts";
import type { Subscription } from "../interest/subscription.ts";
import type { Permissions } from "../state.ts";

export function createPermissions(config: PermissionsConfig | null): Permissions | null {
  if (config === null) return null;
  return { config, responses: config.responses, replies: new Map() };
}

/** Also counts an answer given by right of a received request. Source: `pubAllowedFullCheck`. */
export function mayPublish(permissions: Permissions, subject: string, now: VirtualNanos): boolean {
  const { publish } = permissions.config;
  if (publish === null || allows(publish, subject)) return true;
  return permissions.responses !== null && mayRespond(permissions, subject, now);
}

/** Source: nats-server `canSubscribe`; entries read `subject` or `subject queue`. */
export function maySubscribe(
  permissions: Permissions,
  subject: string,
  queue: string | null,
): boolean {
  const { subscribe } = permissions.config;
  if (subscribe === null) return true;
  const { allow, deny } = subscribe;
  if (hasEmptyToken(subject)) return allow === null;
  if (allow !== null && !allowsSubscription(allow, subject, queue)) return false;
  for (const entry of deny) {
    const [pattern = "", group] = entry.split(" ");
    if (!isSubsetOf(subject, pattern)) continue;
    if (group === undefined || (queue !== null && subjectMatches(group, queue))) return false;
  }
  return true;
}

/** A wildcard subscription may overlap what is denied: then single messages are held back. */
export function isDeniedDelivery(
  permissions: Permissions,
  route: { readonly message: { readonly subject: string } },
  sub: Subscription,
): boolean {
  const deny = permissions.config.subscribe?.deny ?? [];
  if (deny.length === 0 || !isWildcard(sub.subject)) return false;
  const { subject } = route.message;
  return deny.some((entry) => {
    const [pattern = "", group] = entry.split(" ");
    if (!subjectsCollide(sub.subject, pattern) || !subjectMatches(pattern, subject)) return false;
    return group === undefined || (sub.queue !== null && subjectMatches(group, sub.queue));
  });
}

/** A request was delivered: its reply subject may be answered for a while. */
export function noteReply(permissions: Permissions, reply: string, now: VirtualNanos): void {
  const { responses, config, replies } = permissions;
  if (responses === null || config.publish === null || allows(config.publish, reply)) return;
  for (const [known, { until }] of replies) if (until < now) replies.delete(known);
  const left = responses.max > 0 ? responses.max : Number.MAX_SAFE_INTEGER;
  replies.set(reply, { left, until: plus(now, responses.expires) });
}

function mayRespond(permissions: Permissions, subject: string, now: VirtualNanos): boolean {
  const reply = permissions.replies.get(subject);
  if (reply === undefined) return false;
  if (reply.left <= 0 || reply.until < now) {
    permissions.replies.delete(subject);
    return false;
  }
  reply.left--;
  return true;
}

function allows({ allow, deny }: SubjectPermission, subject: string): boolean {
  if (hasEmptyToken(subject)) return allow === null;
  if (allow !== null && !allow.some((pattern) => isSubsetOf(subject, pattern))) return false;
  return !deny.some((pattern) => isSubsetOf(subject, pattern));
}

function allowsSubscription(
  allow: readonly string[],
  subject: string,
  queue: string | null,
): boolean {
  let plain = false;
  let named = false;
  let groupFits = false;
  for (const entry of allow) {
    const [pattern = "", group] = entry.split(" ");
    if (!isSubsetOf(subject, pattern)) continue;
    if (group === undefined) plain = true;
    else {
      named = true;
      if (queue !== null && subjectMatches(group, queue)) groupFits = true;
    }
  }
  return queue !== null && named ? groupFits : plain;
}
