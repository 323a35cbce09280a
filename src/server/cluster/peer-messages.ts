/** What the meta layer's servers say to each other outside of Raft. Values, never changed. */
import type { ApiErrorBody, ConsumerConfig, ConsumerStore } from "../../jetstream/index.ts";
import type { StoredTime } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import type { AccountUsage, PeerReport } from "./peer-facts.ts";

export type ClusterMessage =
  /** A server about itself; `$SYS.SERVER.<id>.STATSZ`. */
  | { readonly kind: "stats"; readonly report: PeerReport }
  /** What accounts use on a server; `$JSC.ARU`. */
  | {
      readonly kind: "usage";
      readonly name: string;
      readonly accounts: readonly AccountUsage[];
    }
  /** A new meta leader wants everybody's; `$SYS.REQ.SERVER.PING`. */
  | { readonly kind: "stats-ping"; readonly name: string }
  /** It leaves in good order; `$SYS.SERVER.<id>.SHUTDOWN`, `LAMEDUCK`. */
  | { readonly kind: "shutdown"; readonly name: string; readonly isLameDuck: boolean }
  | AssignmentFailed
  | ConsumerRestored
  | InfoRequest
  | InfoAnswer;

/** To the meta leader: a member could not make what it was assigned. */
export interface AssignmentFailed {
  readonly kind: "assignment-failed";
  readonly account: string;
  readonly stream: string;
  readonly consumer: string | null;
  readonly isUpdate: boolean;
  readonly isRestore: boolean;
  readonly error: ApiErrorBody;
}

/** To the meta leader: a consumer came back with its stream, and is assigned to nobody. */
export interface ConsumerRestored {
  readonly kind: "consumer-restored";
  readonly account: string;
  readonly stream: string;
  readonly name: string;
  readonly config: ConsumerConfig;
  readonly created: StoredTime;
  /** Null: it stays where it is. */
  readonly state: ConsumerStore | null;
}

/** The meta leader collects a list: whoever leads the asset answers. */
export interface InfoRequest {
  readonly kind: "info-request";
  /** Whom to answer, and the number of the collection there. */
  readonly from: string;
  readonly gathering: number;
  readonly account: string;
  readonly stream: string;
  readonly consumer: string | null;
}

export interface InfoAnswer {
  readonly kind: "info-answer";
  readonly gathering: number;
  /** The asset's name within the list. */
  readonly name: string;
  readonly info: { readonly [field: string]: JsonLike };
}
