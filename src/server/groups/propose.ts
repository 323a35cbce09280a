/** From a leader's wish to an entry of the log. */
import { assert } from "../../kernel/index.ts";
import { isAnnouncedLeader, type Proposal } from "../../raft/index.ts";
import type { ServerIo } from "../io.ts";
import { sendToPeer } from "../links/peers.ts";
import type { ServerState } from "../state.ts";
import type { QueuedProposal, RaftGroup } from "./group.ts";
import { stepGroup } from "./step-group.ts";

/** An entry ends when it has so many bytes or proposals. Source: `runAsLeader`, maxBatch. */
const entryBytesMax = 256 * 1024;
const proposalsMax = 4096;
/** Each proposal in an entry: its length and its kind. */
const proposalOverhead = 5;

/**
 * Queues a proposal; all of an entry point become one entry at its end. False when this member
 * does not lead. `data` is a value: all members will hold the same object.
 */
export function propose(
  server: ServerState,
  group: RaftGroup,
  data: unknown,
  bytes: number,
): boolean {
  if (!isAnnouncedLeader(group.core)) return false;
  assert(server.groupWork !== undefined, `${group.name} on a server without a cluster`);
  if (group.queue.length === 0) server.groupWork.proposing.push(group);
  group.queue.push({ data, bytes });
  return true;
}

/** Has a proposal made by the leader, wherever it is; lost when there is none, or on the way. */
export function forwardProposal(
  server: ServerState,
  io: ServerIo,
  group: RaftGroup,
  { data, bytes }: QueuedProposal,
): void {
  if (propose(server, group, data, bytes)) return;
  const { leader } = group.core;
  if (leader === null || leader === server.name) return;
  sendToPeer(server, io, leader, { kind: "proposal", group: group.name, data, bytes }, bytes);
}

/** Makes entries of what was queued. */
export function flushProposals(server: ServerState, io: ServerIo): void {
  const proposing = server.groupWork?.proposing ?? [];
  for (let i = 0; i < proposing.length; i++) {
    const group = proposing[i];
    if (group !== undefined) flushGroup(server, io, group);
  }
  proposing.length = 0;
}

function flushGroup(server: ServerState, io: ServerIo, group: RaftGroup): void {
  const { queue, core } = group;
  let proposals: Proposal[] = [];
  let bytes = 0;
  for (let i = 0; i < queue.length; i++) {
    const queued = queue[i];
    if (queued === undefined) continue;
    proposals.push({ kind: "normal", data: queued.data });
    bytes += queued.bytes + proposalOverhead;
    const isFull = bytes >= entryBytesMax || proposals.length >= proposalsMax;
    if (!isFull && i + 1 < queue.length) continue;
    const term = core.stable.term;
    stepGroup(server, io, group, { kind: "propose", now: io.now, term, proposals, bytes });
    proposals = [];
    bytes = 0;
  }
  queue.length = 0;
}
