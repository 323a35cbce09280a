/** What a stream is subscribed to: its subjects, and direct gets. */
import { subscribeInternal, unsubscribeInternal } from "../interest/subscribe.ts";
import type { ServerState } from "../state.ts";
import type { StreamAsset } from "./jetstream-state.ts";
import { leadsStream } from "./replicas/stream-replica.ts";

/** Subscribes the stream's subjects, if this server is the one that takes messages for it. */
export function followSubjects(server: ServerState, asset: StreamAsset): void {
  const wanted = new Set(leadsStream(asset) ? asset.state.config.subjects : []);
  for (const [subject, id] of asset.subs) {
    if (wanted.has(subject)) continue;
    unsubscribeInternal(server, asset.account, id);
    asset.subs.delete(subject);
  }
  const target = { kind: "stream", stream: asset.name } as const;
  for (const subject of wanted) {
    if (asset.subs.has(subject)) continue;
    asset.subs.set(subject, subscribeInternal(server, asset.account, { subject, target }));
  }
}

/**
 * Direct gets are answered by one of all that can, so they are subscribed in a queue group.
 * Source: nats-server `subscribeToDirect`, `sysGroup`.
 */
export function followDirect(server: ServerState, asset: StreamAsset): void {
  const { allow_direct: wanted } = asset.state.config;
  if (wanted === asset.directSubs.length > 0) return;
  if (!wanted) {
    for (const id of asset.directSubs) unsubscribeInternal(server, asset.account, id);
    asset.directSubs.length = 0;
    return;
  }
  const target = { kind: "direct-get", stream: asset.name } as const;
  for (const suffix of ["", ".>"]) {
    const subject = `$JS.API.DIRECT.GET.${asset.name}${suffix}`;
    const sub = { subject, target, queue: "_sys_" };
    asset.directSubs.push(subscribeInternal(server, asset.account, sub));
  }
}
