/** An API reply on its way: counted, published, traced, audited. */
import { formatStoredTime } from "../../kernel/index.ts";
import {
  createMessage,
  encodeHeaders,
  encodeJson,
  encodeText,
  getHeader,
  type JsonLike,
  type Message,
} from "../../protocol/index.ts";
import { publishAdvisory } from "../assets/stream-advisories.ts";
import { clientFacts } from "../connections/client-facts.ts";
import { publishInternal } from "../interest/route.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { trace } from "../trace-record.ts";
import type { ApiFields } from "./route-shape.ts";

export interface ApiReply {
  readonly account: string;
  /** The request: its subject, body and who sent it. */
  readonly subject: string;
  readonly request: string;
  readonly client: ApiFields;
  /** The client's connection when it is one of this server. */
  readonly conn: number | null;
  /** Where the answer goes; null when nobody waits for it. */
  readonly reply: string | null;
  readonly body: ApiFields;
  readonly isError: boolean;
  /** Neither counted nor audited. */
  readonly isQuiet: boolean;
  /** Not given: none. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

/** Source: nats-server `sendAPIResponse`, `sendAPIErrResponse`. */
export function sendApiReply(server: ServerState, io: ServerIo, of: ApiReply): void {
  const { account, conn, subject, body } = of;
  const text = encodeJson(body);
  if (!of.isQuiet) count(server, account, of.isError);
  if (of.reply !== null) {
    const { headers = [] } = of;
    const block = headers.length === 0 ? null : encodeHeaders(headers);
    const answer = createMessage(of.reply, null, block, encodeText(text));
    publishInternal(server, io, { account, message: answer });
  }
  if (io.tracing) {
    const error = body.error as { readonly description?: JsonLike } | undefined;
    const detail = String(error?.description ?? "");
    trace(server, io, "api", { account, conn, subject, detail });
  }
  if (!of.isQuiet) audit(server, io, of, text);
}

/** Source: nats-server `trackAPI`, `trackAPIErr`. */
function count(server: ServerState, account: string, isError: boolean): void {
  const js = server.jetstream;
  if (js === null) return;
  const own = js.accounts.get(account);
  js.apiTotal += 1;
  if (own !== undefined) own.apiTotal += 1;
  if (!isError) return;
  js.apiErrors += 1;
  if (own !== undefined) own.apiErrors += 1;
}

/** Source: nats-server `sendJetStreamAPIAuditAdvisory`. */
function audit(server: ServerState, io: ServerIo, of: ApiReply, response: string): void {
  const { account, subject, request, client } = of;
  publishAdvisory(server, io, {
    account,
    subject: "$JS.EVENT.ADVISORY.API",
    type: "io.nats.jetstream.advisory.v1.api_audit",
    fields: {
      server: server.name,
      client,
      subject,
      request: request === "" ? undefined : request,
      response,
    },
  });
}

/** Who asked: a client of this server, or the server itself. */
function clientInfo(server: ServerState, account: string, conn: number | null): ApiFields {
  const client = conn === null ? undefined : server.conns.get(conn);
  if (client !== undefined) return clientFacts(server, account, client);
  // A stream that follows another asks for its consumer: `createInternalJetStreamClient`.
  return {
    start: formatStoredTime(server.started),
    id: 1,
    acc: account,
    server: server.name,
    cluster: server.config.cluster?.name,
    kind: "JetStream",
  };
}

/**
 * Who asked for what reached `account`; of a client of another account no more than it shares.
 * Source: nats-server `processServiceImport`, which fills `Nats-Request-Info`.
 */
export function requester(
  server: ServerState,
  account: string,
  { conn, message }: { readonly conn: number | null; readonly message: Message },
): ApiFields {
  const client = conn === null ? undefined : server.conns.get(conn);
  const told = client?.account === account ? {} : requestInfo(message);
  const { start, host, id, acc, user, name, lang, ver, rtt, kind, client_type } = told;
  if (acc === undefined || acc === account) return clientInfo(server, account, conn);
  const place = { server: server.name, cluster: server.config.cluster?.name };
  const person = { user, name, lang, ver, rtt };
  return { start, host, id, acc, svc: account, ...person, ...place, kind, client_type };
}

function requestInfo(message: Message): ApiFields {
  try {
    return JSON.parse(getHeader(message.headers, "Nats-Request-Info") ?? "{}") as ApiFields;
  } catch {
    return {};
  }
}
