/** A mirror that has caught up helps its origin answer direct gets. */
import { subscribeInternal, unsubscribeInternal } from "../../interest/subscribe.ts";
import type { ServerState } from "../../state.ts";
import type { StreamAsset } from "../jetstream-state.ts";

/** Source: nats-server `subscribeToMirrorDirect`. */
export function followMirrorDirect(
  server: ServerState,
  asset: StreamAsset,
  isCaughtUp: boolean,
): void {
  const { mirror, mirror_direct } = asset.state.config;
  const wanted = isCaughtUp && mirror_direct && mirror !== null && mirror.external === undefined;
  if (wanted === asset.mirrorDirectSubs.length > 0) return;
  if (!wanted) {
    for (const id of asset.mirrorDirectSubs) unsubscribeInternal(server, asset.account, id);
    asset.mirrorDirectSubs.length = 0;
    return;
  }
  const target = { kind: "direct-get", stream: asset.name } as const;
  for (const suffix of ["", ".>"]) {
    const subject = `$JS.API.DIRECT.GET.${mirror.name}${suffix}`;
    const sub = { subject, target, queue: "_sys_" };
    asset.mirrorDirectSubs.push(subscribeInternal(server, asset.account, sub));
  }
}
