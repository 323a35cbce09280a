/** What a client's bytes mean: the parser's calls, performed. */
import {
  type ClientSink,
  createMessage,
  emptyBytes,
  encodeHeaders,
  encodeMsg,
  encodePong,
  isValidLiteral,
  isValidSubject,
  JsonError,
  type Message,
  messageBytes,
  ProtocolError,
  parseJson,
  tokenCount,
} from "../../protocol/index.ts";
import { mapSubject } from "../accounts/mappings.ts";
import { mayPublish, maySubscribe } from "../accounts/permissions.ts";
import { matchInterest } from "../interest/match.ts";
import {
  finishTrace,
  isTraceOnly,
  type MessageTrace,
  noteIngressError,
  noteStep,
  startTrace,
  traceDestination,
} from "../interest/message-trace.ts";
import { routeMessage } from "../interest/route.ts";
import { dropSubscription, insertSubscription } from "../interest/subscribe.ts";
import type { ServerIo } from "../io.ts";
import type { Account, ClientConn, ServerState } from "../state.ts";
import { trace } from "../trace-record.ts";
import { processConnect, processUnauthenticated } from "./connect.ts";
import { sendConnectInfo, systemAccountOf } from "./info.ts";
import { onPong } from "./keep-alive.ts";
import { outputOf, sendErr, sendOk } from "./output.ts";
import { logOut } from "./protocol-log.ts";

/** A sink for the bytes of one arrival. */
export function clientSink(server: ServerState, io: ServerIo, client: ClientConn): ClientSink {
  return {
    onUnauthenticated: () => processUnauthenticated(server, io, client),
    onConnect: (json) => processConnect(server, io, client, json),
    onInfo: checkJson,
    onOk: () => {
      // A client has no use for it; nats-server takes no notice either.
    },
    onErr: (text) => {
      throw new ProtocolError(null, `client error ${text}`);
    },
    onPing: () => onPing(server, io, client),
    onPong: () => onPong(io, client),
    onPub: (subject, reply, headers, payload) => {
      onPub(server, io, client, createMessage(subject, reply, headers, payload));
    },
    onSub: (subject, queue, sid) => onSub(server, io, client, { subject, queue, sid }),
    onUnsub: (sid, max) => onUnsub(server, io, client, { sid, max }),
  };
}

/** A client's INFO says nothing to a server, but it has to be JSON. Source: `processInfo`. */
function checkJson(json: string): void {
  try {
    parseJson(json);
  } catch (error) {
    if (error instanceof JsonError) throw new ProtocolError(null, error.message);
    throw error;
  }
}

/** Source: nats-server `processPing`: the first one brings the second INFO. */
function onPing(server: ServerState, io: ServerIo, client: ClientConn): void {
  encodePong(outputOf(server, client));
  logOut(server, io, client, "PONG");
  client.lastIn = io.now;
  if (!client.connectReceived || client.firstPongSent) return;
  client.firstPongSent = true;
  if (client.options.protocol >= 1) sendConnectInfo(server, client);
}

/** Prefixes of replies that only servers may ask for. Source: `isReservedReply`. */
const reservedReplies = ["_R_.", "$JS.ACK.", "_GR_."];

/** Source: nats-server `processPub`, `processInboundClientMsg`. */
function onPub(server: ServerState, io: ServerIo, client: ClientConn, published: Message): void {
  if (client.closed) return;
  if (client.options.pedantic && !isValidLiteral(published.subject)) {
    sendErr(server, client, "Invalid Publish Subject");
  }
  countIn(server, io, client, published);
  const account = server.accounts.get(client.account);
  if (account === undefined) return;
  const dest = traceDestination(published);
  if (dest === null) publish(server, io, client, { account, published, traced: null });
  else publishTraced(server, io, client, { account, published, dest });
}

/** Source: nats-server `initMsgTrace`, `allowedToPublishOnMsgTraceDest`. */
function publishTraced(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  { account, published, dest }: Received & { readonly dest: string },
): void {
  if (isValidLiteral(dest) && !isPublishAllowed(server, io, client, dest)) {
    const refusal = `Permissions Violation for Publish to ${quoteGo(dest)}`;
    forbid(server, io, client, { subject: dest, refusal });
    return;
  }
  const traced = startTrace(io, client, published, dest);
  if (traced === null && isTraceOnly(published)) return;
  publish(server, io, client, { account, published, traced });
  finishTrace(server, traced);
}

interface Received {
  readonly account: Account;
  readonly published: Message;
}

function publish(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  { account, published, traced }: Received & { readonly traced: MessageTrace | null },
): void {
  const message = mapped(account, io, published);
  const { subject, reply } = message;
  if (message !== published) noteStep(traced, io, "sm", { to: subject });
  const refusal = pubRefusal(server, io, client, message);
  if (refusal !== null) {
    noteIngressError(traced, refusal);
    forbid(server, io, client, { subject, refusal });
    return;
  }
  if (client.options.verbose) sendOk(server, client);
  if (io.tracing) {
    const size = messageBytes(message);
    trace(server, io, "publish", { conn: client.conn, account: account.name, subject, size });
  }
  const way = { to: undefined, via: null, trace: traced, routed: null };
  const delivered = routeMessage(server, io, { account, message, from: client, ...way });
  if (!delivered && reply !== null && client.options.noResponders) {
    answerNoResponders(server, io, client, { account, subject, reply });
  }
}

/** The client is told beside everything else that it waits for; nothing answers the publish. */
function forbid(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  { subject, refusal: detail }: { readonly subject: string; readonly refusal: string },
): void {
  sendErr(server, client, detail);
  trace(server, io, "forbidden", { conn: client.conn, account: client.account, subject, detail });
}

function pubRefusal(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  { subject, reply }: Message,
): string | null {
  if (!isPublishAllowed(server, io, client, subject)) {
    return `Permissions Violation for Publish to ${quoteGo(subject)}`;
  }
  if (reply !== null && reservedReplies.some((prefix) => reply.startsWith(prefix))) {
    return `Permissions Violation for Publish with Reply of ${quoteGo(reply)}`;
  }
  return null;
}

function countIn(server: ServerState, io: ServerIo, client: ClientConn, message: Message): void {
  const size = messageBytes(message);
  client.lastIn = io.now;
  client.lastActivity = io.wall;
  client.inMsgs++;
  client.inBytes += size;
  server.totals.inMsgs++;
  server.totals.inBytes += size;
}

/** The message under the subject that the account's mappings give it. */
function mapped(account: Account, io: ServerIo, message: Message): Message {
  if (account.mappings.length === 0) return message;
  const subject = mapSubject(account, io, message.subject);
  // A mapping whose weights leave a rest sends it to a subject that nobody can hear.
  return subject === message.subject ? message : { ...message, subject: subject ?? "" };
}

function isPublishAllowed(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  subject: string,
): boolean {
  if (subject.startsWith("_GR_.") || subject.startsWith("$GR.")) return false;
  if (subject.startsWith("$NRG.") && client.account !== systemAccountOf(server)) return false;
  return client.permissions === null || mayPublish(client.permissions, subject, io.now);
}

/** The 503 goes to the requester's own plain subscription on the reply subject, if it has one. */
function answerNoResponders(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  request: { readonly account: Account; readonly subject: string; readonly reply: string },
): void {
  const { account, subject, reply } = request;
  const { plain } = matchInterest(account.interest, reply);
  const sub = plain.find(({ conn }) => conn === client.conn);
  if (sub === undefined) return;
  const headers = encodeHeaders([["Nats-Subject", subject]], 503);
  encodeMsg(outputOf(server, client), sub.sid, createMessage(reply, null, headers, emptyBytes));
  trace(server, io, "no-responders", { conn: client.conn, account: account.name, subject });
}

interface SubRequest {
  readonly subject: string;
  readonly queue: string | null;
  readonly sid: string;
}

/** Source: nats-server `processSubEx`. */
function onSub(server: ServerState, io: ServerIo, client: ClientConn, wanted: SubRequest): void {
  if (client.closed) return;
  client.lastIn = io.now;
  client.lastActivity = io.wall;
  const { subject, queue, sid } = wanted;
  const refusal = subRefusal(server, client, wanted);
  if (refusal !== null) {
    forbid(server, io, client, { subject, refusal });
    return;
  }
  const account = server.accounts.get(client.account);
  if (!client.subs.has(sid) && account !== undefined) {
    if (!isValidSubject(subject)) {
      sendErr(server, client, "Invalid Subject");
      return;
    }
    const { conn } = client;
    const added = insertSubscription(server, account, { subject, queue, conn, sid, target: null });
    client.subs.set(sid, added.id);
    trace(server, io, "subscribe", { conn, account: account.name, subject });
  }
  if (client.options.verbose) sendOk(server, client);
}

function subRefusal(
  server: ServerState,
  client: ClientConn,
  { subject, queue }: SubRequest,
): string | null {
  const { permissions } = client;
  const denied = permissions !== null && !maySubscribe(permissions, subject, queue);
  if (denied || queue === "_sys_") {
    const using = queue === null ? "" : ` using queue ${quoteGo(queue)}`;
    return `Permissions Violation for Subscription to ${quoteGo(subject)}${using}`;
  }
  const { maxSubTokens, maxSubscriptions } = server.config.limits;
  if (maxSubTokens > 0 && tokenCount(subject) > maxSubTokens) {
    return `Permissions Violation for Subscription to ${quoteGo(subject)}, too many tokens`;
  }
  const ofAccount = server.accounts.get(client.account)?.config.maxSubscriptions ?? -1;
  const most = ofAccount >= 0 ? ofAccount : maxSubscriptions > 0 ? maxSubscriptions : -1;
  return most >= 0 && client.subs.size >= most ? "maximum subscriptions exceeded" : null;
}

/** Source: nats-server `processUnsub`: `max` counts from the subscription's beginning. */
function onUnsub(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  { sid, max }: { readonly sid: string; readonly max: number | null },
): void {
  client.lastIn = io.now;
  client.lastActivity = io.wall;
  const id = client.subs.get(sid);
  const account = server.accounts.get(client.account);
  if (id !== undefined && account !== undefined) {
    const sub = account.interest.subs.get(id);
    if (sub !== undefined && max !== null && max > 0 && max > sub.delivered) sub.max = max;
    else {
      client.subs.delete(sid);
      dropSubscription(server, account, id);
      trace(server, io, "unsubscribe", { conn: client.conn, subject: sub?.subject ?? "" });
    }
  }
  if (client.options.verbose) sendOk(server, client);
}

/** Go's `%q`, for subjects. */
function quoteGo(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
