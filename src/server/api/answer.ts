/** From a request on `$JS.API.…` to its reply: common checks, counters, audit. */
import { ApiError } from "../../jetstream/index.ts";
import { formatStoredTime } from "../../kernel/index.ts";
import {
  createMessage,
  decodeText,
  encodeJson,
  encodeText,
  type JsonLike,
} from "../../protocol/index.ts";
import { publishAdvisory } from "../assets/stream-advisories.ts";
import { publishInternal } from "../interest/route.ts";
import type { InternalEvent, MessageArrived } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { trace } from "../trace-record.ts";
import { needsHigherLevel } from "./api-level.ts";
import type { ApiCall, ApiFields, ApiRoute } from "./route-shape.ts";
import { findRoute } from "./routes.ts";

const typePrefix = "io.nats.jetstream.api.v1.";

/**
 * Answers a request. A subject that no route knows gets no answer at all.
 * Source: nats-server `server/jetstream_api.go` `apiDispatch`.
 */
export function onApiRequest(server: ServerState, io: ServerIo, event: InternalEvent): void {
  if (event.kind !== "message" || server.jetstream === null) return;
  const route = findRoute(event.message.subject);
  if (route === null) return;
  const reply = perform(server, io, event, route);
  if (reply !== null) sendReply(server, io, event, reply);
}

interface Reply {
  readonly body: ApiFields;
  readonly isError: boolean;
  /** Neither counted nor audited. */
  readonly isQuiet: boolean;
}

/** The one place where an `ApiError` becomes a reply; anything else thrown stops the world. */
function perform(
  server: ServerState,
  io: ServerIo,
  event: MessageArrived,
  route: ApiRoute,
): Reply | null {
  const type = replyType(route);
  try {
    const fields = route.handle(checkedCall(server, io, event));
    if (fields === null) return null;
    return { body: { type, ...fields }, isError: false, isQuiet: route.quiet === true };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const body = { type, error: { ...error.body }, ...route.errorFields };
    return { body, isError: true, isQuiet: false };
  }
}

function checkedCall(server: ServerState, io: ServerIo, event: MessageArrived): ApiCall {
  const { message, conn, account: name } = event;
  checkApiLevel(message.headers);
  const js = server.jetstream;
  const account = js?.accounts.get(name);
  if (js === null || account === undefined) throw new ApiError("JSNotEnabledForAccountErr");
  const tokens = message.subject.split(".").slice(2);
  const body = decodeText(message.payload);
  return { server, io, js, account, subject: message.subject, tokens, message, body, conn };
}

/** Source: nats-server `errorOnRequiredApiLevel`. */
function checkApiLevel(headers: Uint8Array | null): void {
  if (needsHigherLevel(headers)) throw new ApiError("JSRequiredApiLevelErr");
}

function replyType(route: ApiRoute): string {
  return `${typePrefix}${route.type}_response`;
}

function sendReply(server: ServerState, io: ServerIo, event: MessageArrived, reply: Reply): void {
  const { account, message, conn } = event;
  const text = encodeJson(reply.body);
  if (!reply.isQuiet) count(server, account, reply.isError);
  if (message.reply !== null) {
    const answer = createMessage(message.reply, null, null, encodeText(text));
    publishInternal(server, io, { account, message: answer });
  }
  if (io.tracing) {
    const error = reply.body.error as { readonly description?: JsonLike } | undefined;
    const detail = String(error?.description ?? "");
    trace(server, io, "api", { account, conn, subject: message.subject, detail });
  }
  if (!reply.isQuiet) audit(server, io, event, text);
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
function audit(server: ServerState, io: ServerIo, event: MessageArrived, response: string): void {
  const { account, message, conn } = event;
  const request = decodeText(message.payload);
  publishAdvisory(server, io, {
    account,
    subject: "$JS.EVENT.ADVISORY.API",
    type: "io.nats.jetstream.advisory.v1.api_audit",
    fields: {
      server: server.name,
      client: clientInfo(server, account, conn),
      subject: message.subject,
      request: request === "" ? undefined : request,
      response,
    },
  });
}

/** Who asked. Source: nats-server `server/client.go` `getClientInfo`. */
export function clientInfo(server: ServerState, account: string, conn: number | null): ApiFields {
  const client = conn === null ? undefined : server.conns.get(conn);
  if (client === undefined) return { acc: account, server: server.name };
  const { options } = client;
  return {
    start: formatStoredTime(client.start),
    host: client.ip,
    id: client.cid,
    acc: account,
    user: client.user === "" ? undefined : client.user,
    name: options.name === "" ? undefined : options.name,
    lang: options.lang === "" ? undefined : options.lang,
    ver: options.version === "" ? undefined : options.version,
    rtt: client.rtt === 0 ? undefined : client.rtt,
    server: server.name,
    cluster: server.config.cluster?.name,
    kind: "Client",
    client_type: client.transport === "ws" ? "websocket" : "nats",
  };
}
