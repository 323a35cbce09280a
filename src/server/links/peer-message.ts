/**
 * What servers of a cluster say to each other beside messages and interest: all that nats-server
 * sends on subjects of `$NRG.` and `$SYS.`, `$JSC.` from server to server. Values: a sender never
 * changes what it sent, since the receiver may hold the same object.
 */
import type { PeerId, RaftMessage } from "../../raft/index.ts";
import type { ClusterMessage } from "../cluster/peer-messages.ts";

/** Of a Raft group, from one member to another (`$NRG.V`, `$NRG.AE`, `$NRG.R`). */
interface RaftTold {
  readonly kind: "raft";
  readonly group: string;
  readonly from: PeerId;
  readonly message: RaftMessage;
}

/** Data that a member asks the leader of its group to propose (`$NRG.P`). */
interface ProposalForwarded {
  readonly kind: "proposal";
  readonly group: string;
  readonly data: unknown;
  readonly bytes: number;
}

export type PeerMessage = RaftTold | ProposalForwarded | ClusterMessage;
