/** What reaches a group: messages of its other members, and its own timers. */
import { unreachable } from "../../kernel/index.ts";
import { heartbeatEvery, type PeerId, quorumCheckEvery } from "../../raft/index.ts";
import type { ServerIo } from "../io.ts";
import type { PeerMessage } from "../links/peer-message.ts";
import type { ServerState } from "../state.ts";
import type { GroupTimer, RaftGroup } from "./group.ts";
import { propose } from "./propose.ts";
import { stepGroup } from "./step-group.ts";
import { electionIsDue, setGroupTimer } from "./timers.ts";

type Told<K extends PeerMessage["kind"]> = Extract<PeerMessage, { readonly kind: K }>;

/** From another member. For a group that is not here it is lost. */
export function onRaftMessage(
  server: ServerState,
  io: ServerIo,
  { group: name, message }: Told<"raft">,
): void {
  const group = server.groups?.get(name);
  if (group === undefined) return;
  const queued = group.queue.length > 0;
  stepGroup(server, io, group, { kind: "message", now: io.now, message, queued });
}

/** Another member asks this one to propose. Source: `handleForwardedProposal`. */
export function onForwardedProposal(
  server: ServerState,
  _io: ServerIo,
  { group: name, data, bytes }: Told<"proposal">,
): void {
  const group = server.groups?.get(name);
  if (group !== undefined) propose(server, group, data, bytes);
}

/** A timer of a group fired. */
export function onGroupTimer(server: ServerState, io: ServerIo, timer: GroupTimer): void {
  const group = server.groups?.get(timer.group);
  if (group === undefined) return;
  const { now } = io;
  switch (timer.name) {
    case "election":
      if (electionIsDue(io, group)) stepGroup(server, io, group, { kind: "election-timeout", now });
      return;
    case "vote-resend":
      return stepGroup(server, io, group, { kind: "vote-resend", now });
    case "heartbeat":
      setGroupTimer(io, group, "heartbeat", heartbeatEvery);
      return stepGroup(server, io, group, { kind: "heartbeat-tick", now });
    case "quorum":
      setGroupTimer(io, group, "quorum", quorumCheckEvery);
      return stepGroup(server, io, group, { kind: "quorum-tick", now });
    case "catchup":
      return stepGroup(server, io, group, { kind: "catchup-timeout", now, peer: timer.peer });
    case "snapshot":
      server.groupWork?.mail.push({ kind: "snapshot-due", group });
      return;
    default:
      return unreachable(timer.name);
  }
}

/** Hands leadership to `to`, or to the best when null; nothing when this member does not lead. */
export function stepDownGroup(
  server: ServerState,
  io: ServerIo,
  group: RaftGroup,
  to: PeerId | null,
): void {
  stepGroup(server, io, group, { kind: "step-down", now: io.now, to });
}
