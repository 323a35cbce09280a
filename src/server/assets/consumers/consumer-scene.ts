/** What a consumer's core sees of the server around it. */
import type { ConsumerScene } from "../../../jetstream/index.ts";
import { hasExactInterest, hasInterest } from "../../interest/subscribe.ts";
import type { ServerIo } from "../../io.ts";
import type { ServerState } from "../../state.ts";
import type { StreamAsset } from "../jetstream-state.ts";
import { drawId } from "../stream-advisories.ts";

/** Good for one event: clocks stand still in it. */
export function consumerScene(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
): ConsumerScene {
  const { account } = asset;
  return {
    stream: asset.state,
    now: io.now,
    wall: io.wall,
    hasInterest: (subject) => hasInterest(server, account, subject),
    hasListener: (subject, group) =>
      hasExactInterest(server, account, subject, group === "" ? null : group),
    draw: (below) => io.draw("consumers") % below,
    nuid: () => drawId(server, io),
  };
}
