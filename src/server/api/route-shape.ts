/** What a row of the API's table says, and what its handler is given. */
import type { JsonLike, Message } from "../../protocol/index.ts";
import type { JetStreamAccount, JetStreamState } from "../assets/jetstream-state.ts";
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
  /** The client that asked; null when the server did. */
  readonly conn: number | null;
}

export type ApiFields = { readonly [field: string]: JsonLike };

export interface ApiRoute {
  /** With `*` for one token and a final `>` for the rest. */
  readonly subject: string;
  /** After `io.nats.jetstream.api.v1.` and before `_response`. */
  readonly type: string;
  /** Who answers in a cluster. */
  readonly leader: "meta" | "stream" | "consumer" | "any";
  /** Fields that stand in the reply even when it is an error, after `error`. */
  readonly errorFields?: ApiFields;
  /** A success is neither counted nor audited. */
  readonly quiet?: boolean;
  /** Null when nothing is answered, or when the handler answers in its own time. */
  readonly handle: (call: ApiCall) => ApiFields | null;
}
