/** Refusals that wait half a second, so that a leader may answer first. */
import { millis, plus } from "../../../kernel/index.ts";
import { type ApiReply, sendApiReply } from "../../api/reply.ts";
import type { ServerIo } from "../../io.ts";
import type { ServerState } from "../../state.ts";
import { clusterOf } from "../cluster-state.ts";
import { groupOf } from "../leadership.ts";

/** `errRespDelay`. */
const refusalDelay = millis(500);

export interface DelayedReply {
  readonly reply: ApiReply;
  /** It is given up when this group is gone; null: never. */
  readonly group: string | null;
}

/** Source: nats-server `sendDelayedAPIErrResponse`. */
export function delayReply(
  server: ServerState,
  io: ServerIo,
  reply: ApiReply,
  group: string | null,
): void {
  const cluster = clusterOf(server);
  if (cluster === null) return;
  cluster.lastDelayed += 1;
  const id = cluster.lastDelayed;
  // A group that is not here yet cannot go.
  const watched = group !== null && groupOf(server, group) !== null ? group : null;
  cluster.delayed.set(id, { reply, group: watched });
  const timer = { kind: "cluster", step: "reply", id } as const;
  io.setTimer(`cluster/reply/${id}`, plus(io.now, refusalDelay), timer);
}

export function sendDelayed(server: ServerState, io: ServerIo, id: number): void {
  const cluster = clusterOf(server);
  const delayed = cluster?.delayed.get(id);
  if (cluster === null || delayed === undefined) return;
  cluster.delayed.delete(id);
  const { reply, group } = delayed;
  if (group !== null && groupOf(server, group) === null) return;
  sendApiReply(server, io, reply);
}
