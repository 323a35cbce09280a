/** The timer of a stream: messages that grow old, schedules that come due. */
import { nextDue } from "../../jetstream/index.ts";
import { millis, plus, type StoredTime, type VirtualNanos, virtualAt } from "../../kernel/index.ts";
import type { ServerIo } from "../io.ts";
import type { AssetTimer } from "../server-timer.ts";
import type { StreamAsset } from "./jetstream-state.ts";

/** A check that is overdue waits this long, so that it cannot spin. Source: `resetAgeChk`. */
const overdueWait = millis(250);

/**
 * Sets the timer for what is due next. It is only ever moved forward: one that fires
 * early finds nothing to do and is set again, which is cheaper than moving it with every message.
 */
export function armExpiry(io: ServerIo, asset: StreamAsset): void {
  const due = nextDue(asset.state);
  if (due === null) return;
  const at = instantOf(io, due);
  if (asset.expiryAt !== null && asset.expiryAt <= at) return;
  asset.expiryAt = at;
  io.setTimer(streamTimerName(asset, "expiry"), at, streamTimer(asset, "expiry"));
}

export function clearStreamTimers(io: ServerIo, asset: StreamAsset): void {
  if (asset.expiryAt !== null) io.clearTimer(streamTimerName(asset, "expiry"));
  if (asset.replica !== undefined) io.clearTimer(streamTimerName(asset, "direct"));
}

/** When the host's clock will show a time; what is past comes due in a moment. */
function instantOf(io: ServerIo, time: StoredTime): VirtualNanos {
  const wait = virtualAt(time) - virtualAt(io.wall);
  return wait > 0 ? ((io.now + wait) as VirtualNanos) : plus(io.now, overdueWait);
}

/** The name under which the machine keeps a timer of this stream. */
export function streamTimerName(asset: StreamAsset, name: string): string {
  return `stream/${asset.account}/${asset.name}/${name}`;
}

export function streamTimer(asset: StreamAsset, name: string): AssetTimer {
  return { kind: "asset", account: asset.account, stream: asset.name, consumer: null, name };
}
