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
  type Message,
  messageBytes,
  ProtocolError,
  quoteGo,
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
  traceObstacle,
  withoutTrace,
} from "../interest/message-trace.ts";
import { routeMessage } from "../interest/route.ts";
import { dropSubscription, insertSubscription } from "../interest/subscribe.ts";
import type { ServerIo } from "../io.ts";
import type { Account, ClientConn, ServerState } from "../state.ts";
import { trace } from "../trace-record.ts";
import { clientError } from "./close.ts";
import { processConnect, processInfo, processUnauthenticated } from "./connect.ts";
import { sendConnectInfo, systemAccountOf } from "./info.ts";
import { onPong } from "./keep-alive.ts";
import { outputOf, sendErr, sendOk } from "./output.ts";
import { clientLabel, logOut } from "./protocol-log.ts";

/** A sink for the bytes of one arrival. */
export function clientSink(server: ServerState, io: ServerIo, client: ClientConn): ClientSink {
  return {
    onUnauthenticated: () => processUnauthenticated(server, io, client),
    onConnect: (json) => processConnect(server, io, client, json),
    onInfo: processInfo,
    onOk: () => {
      // A client has no use for it; nats-server takes no notice either.
    },
    onErr: (text) => {
      throw new ProtocolError(null, `${clientError} ${text}`);
    },
    onPing: () => onPing(server, io, client),
    onPong: () => onPong(io, client),
    onPubLine: (subject) => {
      if (!client.options.pedantic || isValidLiteral(subject)) return;
      sendErr(server, io, client, "Invalid Publish Subject");
    },
    onPub: (subject, reply, headers, payload) => {
      onPub(server, io, client, createMessage(subject, reply, headers, payload));
    },
    onSub: (subject, queue, sid) => onSub(server, io, client, { subject, queue, sid }),
    onUnsub: (sid, max) => onUnsub(server, io, client, { sid, max }),
  };
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
  const obstacle = traceObstacle(published);
  if (obstacle !== null) {
    io.log("error", `${clientLabel(client)} - ${obstacle}`);
    if (isTraceOnly(published)) return;
    publish(server, io, client, { account, published: withoutTrace(published), traced: null });
    return;
  }
  if (isValidLiteral(dest) && !isPublishAllowed(server, io, client, dest)) {
    forbid(server, io, client, notPublished(dest));
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
    noteIngressError(traced, refusal.text);
    forbid(server, io, client, refusal);
    return;
  }
  if (client.options.verbose) sendOk(server, io, client);
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

/** What a client is told that may not do something, and what the log says of it. */
interface Refusal {
  readonly subject: string;
  readonly text: string;
  readonly logged: string;
}

/** The client is told beside everything else that it waits for; nothing answers the publish. */
function forbid(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  { subject, text: detail, logged }: Refusal,
): void {
  sendErr(server, io, client, detail);
  io.log("error", `${clientLabel(client)} - ${logged}`);
  trace(server, io, "forbidden", { conn: client.conn, account: client.account, subject, detail });
}

/** Source: nats-server `pubPermissionViolation`, `replySubjectViolation`. */
function pubRefusal(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  { subject, reply }: Message,
): Refusal | null {
  if (!isPublishAllowed(server, io, client, subject)) return notPublished(subject);
  if (reply !== null && reservedReplies.some((prefix) => reply.startsWith(prefix))) {
    const what = quoteGo(reply);
    return {
      subject,
      text: `Permissions Violation for Publish with Reply of ${what}`,
      logged: `Publish Violation - Reply ${what}`,
    };
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
    forbid(server, io, client, refusal);
    return;
  }
  const account = server.accounts.get(client.account);
  if (!client.subs.has(sid) && account !== undefined) {
    if (!isValidSubject(subject)) {
      sendErr(server, io, client, "Invalid Subject");
      return;
    }
    const { conn } = client;
    const added = insertSubscription(server, account, { subject, queue, conn, sid, target: null });
    client.subs.set(sid, added.id);
    trace(server, io, "subscribe", { conn, account: account.name, subject });
  }
  if (client.options.verbose) sendOk(server, io, client);
}

function notPublished(subject: string): Refusal {
  const what = quoteGo(subject);
  return {
    subject,
    text: `Permissions Violation for Publish to ${what}`,
    logged: `Publish Violation - Subject ${what}`,
  };
}

/** Source: nats-server `subPermissionViolation`, `maxTokensViolation`, `maxSubsExceeded`. */
function subRefusal(server: ServerState, client: ClientConn, wanted: SubRequest): Refusal | null {
  const { subject, queue, sid } = wanted;
  const { permissions } = client;
  const denied = permissions !== null && !maySubscribe(permissions, subject, queue);
  if (denied || queue === "_sys_") return subDenied(wanted);
  const { maxSubTokens, maxSubscriptions } = server.config.limits;
  if (maxSubTokens > 0 && tokenCount(subject) > maxSubTokens) {
    const what = quoteGo(subject);
    return {
      subject,
      text: `Permissions Violation for Subscription to ${what}, too many tokens`,
      logged: `Subscription Violation Too Many Tokens - Subject ${what}, SID ${sid}`,
    };
  }
  const ofAccount = server.accounts.get(client.account)?.config.maxSubscriptions ?? -1;
  const most = ofAccount >= 0 ? ofAccount : maxSubscriptions > 0 ? maxSubscriptions : -1;
  const text = "maximum subscriptions exceeded";
  return most >= 0 && client.subs.size >= most ? { subject, text, logged: text } : null;
}

function subDenied({ subject, queue, sid }: SubRequest): Refusal {
  const what = quoteGo(subject);
  const group = queue === null ? null : quoteGo(queue);
  const using = group === null ? "" : ` using queue ${group}`;
  const inGroup = group === null ? "" : `, Queue: ${group}`;
  return {
    subject,
    text: `Permissions Violation for Subscription to ${what}${using}`,
    logged: `Subscription Violation - Subject ${what}${inGroup}, SID ${sid}`,
  };
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
  if (client.options.verbose) sendOk(server, io, client);
}
