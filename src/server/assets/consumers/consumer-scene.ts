/** What a consumer's core sees of the server around it. */
import type { ConsumerScene, Requester } from "../../../jetstream/index.ts";
import { replyPrefix } from "../../accounts/responses.ts";
import { ownerInSubjects } from "../../interest/second-form.ts";
import { accountOf, hasExactInterest, hasInterest } from "../../interest/subscribe.ts";
import type { ServerIo } from "../../io.ts";
import type { ServerState } from "../../state.ts";
import type { StreamAsset } from "../jetstream-state.ts";
import { drawId } from "../stream-advisories.ts";

/** What a consumer's identity takes from its server and stream. */
export function consumerGround(server: ServerState, { account, name: stream }: StreamAsset) {
  const isSecond = server.config.featureFlags?.js_ack_fc_v2 === true;
  const owner = isSecond ? ownerInSubjects(server, accountOf(server, account)) : "";
  return { stream, owner, maxPayload: server.config.limits.maxPayload };
}

/** Source: nats-server `trackDownAccountAndInterest`. */
function requesterOf(server: ServerState, account: string, reply: string): Requester | null {
  let found: Requester | null = null;
  let at: Requester = { account, subject: reply };
  while (at.subject.startsWith(replyPrefix)) {
    const response = server.accounts.get(at.account)?.responses.get(at.subject);
    if (response === undefined) break;
    at = { account: response.account, subject: response.to };
    found = at;
  }
  return found;
}

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
    requesterOf: (reply) => requesterOf(server, account, reply),
    hasRequester: (requester) => hasInterest(server, requester.account, requester.subject),
    hasListener: (subject, group) =>
      hasExactInterest(server, account, subject, group === "" ? null : group),
    draw: (below) => io.draw("consumers") % below,
    nuid: () => drawId(server, io),
  };
}
