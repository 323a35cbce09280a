/** What a row of the API's table says, and what its handler is given. */
import type { ApiError } from "../../jetstream/index.ts";
import type { JsonLike, Message } from "../../protocol/index.ts";
import type { JetStreamAccount, JetStreamState } from "../assets/jetstream-state.ts";
import type { ClientInfo } from "../cluster/assignments.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";

/** One request. */
export interface ApiCall {
  readonly server: ServerState;
  readonly io: ServerIo;
  readonly js: JetStreamState;
  readonly account: JetStreamAccount;
  /** The request's subject, and its tokens after `$JS.API.`. */
  readonly subject: string;
  readonly tokens: readonly string[];
  readonly message: Message;
  /** The body as text. */
  readonly body: string;
  /** The client that asked; null when it is not one of this server. */
  readonly conn: number | null;
  /** The client that asked at another server. */
  readonly client: ClientInfo | null;
  /** Headers of the answer; most have none. */
  readonly answerHeaders: (readonly [name: string, value: string])[];
}

export type ApiFields = { readonly [field: string]: JsonLike };

export interface ApiRoute {
  /** With `*` for one token and a final `>` for the rest. */
  readonly subject: string;
  /** After `io.nats.jetstream.api.v1.` and before `_response`. */
  readonly type: string;
  /** Who answers in a cluster; `gate` says how strictly, where that is out of the ordinary. */
  readonly leader: "meta" | "stream" | "consumer" | "any";
  readonly gate?: (call: ApiCall) => Passage;
  /** Fields that stand in the reply even when it is an error, after `error`. */
  readonly errorFields?: ApiFields;
  /** A success is neither counted nor audited. */
  readonly quiet?: boolean;
  /** Who asks needs neither JetStream nor an API level: the handler looks at them itself. */
  readonly isOpen?: boolean;
  /** What a server that stands alone does before it looks at anything else. */
  readonly needsCluster?: "refuse" | "ignore";
  /** Null when nothing is answered, or when the handler answers in its own time. */
  readonly handle: (call: ApiCall) => ApiFields | null;
  /** How it is carried out in a cluster, where that differs. */
  readonly clustered?: (call: ApiCall) => ApiFields | null;
}

/** What a server of a cluster does with a request that reached all of them. */
export type Passage =
  | { readonly kind: "go" }
  /** Another answers, or nobody. */
  | { readonly kind: "silent" }
  /** This answers unless a leader does so first; not when the group is gone by then. */
  | { readonly kind: "later"; readonly error: ApiError; readonly group: string | null };
