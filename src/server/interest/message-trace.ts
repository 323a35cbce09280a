/** Message tracing: a message that says where to report tells whom it reached. */
import { formatStoredTime, sortedKeys } from "../../kernel/index.ts";
import {
  appendHeader,
  createMessage,
  decodeHeaders,
  encodeJson,
  encodeText,
  getHeader,
  isValidLiteral,
  type JsonLike,
  type Message,
  messageBytes,
  quoteGo,
  removeHeader,
  setHeader,
} from "../../protocol/index.ts";
import type { InternalEvent } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { RecordOf } from "../links/records.ts";
import type { RouteConn } from "../links/route-conn.ts";
import type { ClientConn, ServerState } from "../state.ts";
import { serverInfo } from "../system/server-info.ts";
import type { Subscription } from "./subscription.ts";

/** What is known of a message on its way; lives no longer than the event that brought it. */
export interface MessageTrace {
  readonly account: string;
  readonly dest: string;
  /** Report, but do not deliver. */
  readonly only: boolean;
  readonly request: JsonLike;
  readonly events: TraceEvent[];
  /** Where on its way this server is: "" for the first, then `1`, `2.1` ... */
  readonly hop: string;
  /** Other servers that it went to from here. */
  hops: number;
}

/** One step; members in nats-server's order. */
export type TraceEvent = Record<string, JsonLike>;

const traceDestHeader = "Nats-Trace-Dest";
const traceOnlyHeader = "Nats-Trace-Only";
const traceHopHeader = "Nats-Trace-Hop";
/** Not a subject: what a server says to those behind it. Source: `MsgTraceDestDisabled`. */
const disabled = "trace disabled";

/** Where the message's way is to be reported; null when it asks for nothing. */
export function traceDestination({ headers }: Message): string | null {
  if (headers === null) return null;
  const dest = getHeader(headers, traceDestHeader);
  return dest === null || dest === "" || dest === disabled ? null : dest;
}

/** Set by clients of an older protocol, whose traces are refused. Source: `MsgTraceOriginAccount`. */
const olderHeader = "Nats-Trace-Origin-Account";

/** Why a message that asks for a trace gets none; null when it does. Source: `initMsgTrace`. */
export function traceObstacle({ headers }: Message): string | null {
  const value = getHeader(headers, olderHeader) ?? "";
  if (value === "") return null;
  return `Message tracing disabled because of header "${olderHeader}" with value=${quoteGo(value)}`;
}

/** The message as it goes on untraced, here and on other servers. */
export function withoutTrace(message: Message): Message {
  const others = removeHeader(message.headers, traceDestHeader);
  return { ...message, headers: appendHeader(others, traceDestHeader, disabled) };
}

/** Whether a message is for its trace alone. Source: nats-server `initMsgTrace`. */
export function isTraceOnly({ headers }: Message): boolean {
  const only = getHeader(headers, traceOnlyHeader)?.toLowerCase() ?? "";
  return only === "1" || only === "true" || only === "on";
}

/** Null when the destination is no subject. Source: nats-server `initMsgTrace`. */
export function startTrace(
  io: ServerIo,
  client: ClientConn,
  message: Message,
  dest: string,
): MessageTrace | null {
  if (!isValidLiteral(dest)) return null;
  const name = client.options.name === "" ? undefined : client.options.name;
  const from = { kind: 0, cid: client.cid, name };
  return beginTrace(io, message, { from, account: client.account, dest, hop: "" });
}

/** What another server sent on, when its way is to be reported; null for most. */
export function startRoutedTrace(
  io: ServerIo,
  route: RouteConn,
  { message, account }: RecordOf<"msg">,
): MessageTrace | null {
  const dest = traceDestination(message);
  if (dest === null || !isValidLiteral(dest) || message.headers === null) return null;
  const hop = getHeader(message.headers, traceHopHeader) ?? "";
  const from = { kind: routerKind, cid: route.rid, name: route.remoteName };
  return beginTrace(io, message, { from, account, dest, hop });
}

/** Client kinds as numbers. Source: nats-server `client.go` `CLIENT`, `ROUTER`. */
const routerKind = 1;

interface TraceStart {
  readonly from: { readonly kind: number; readonly cid: number; readonly name: string | undefined };
  readonly account: string;
  readonly dest: string;
  readonly hop: string;
}

function beginTrace(io: ServerIo, message: Message, start: TraceStart): MessageTrace {
  const { from, account, dest, hop } = start;
  const header = new Map<string, string[]>();
  for (const [name, value] of decodeHeaders(message.headers).entries) {
    if (value === "") continue;
    const values = header.get(name);
    if (values === undefined) header.set(name, [value]);
    else values.push(value);
  }
  const sorted = sortedKeys(header).map((name) => [name, header.get(name) ?? []] as const);
  const entry = {
    type: "in",
    ts: formatStoredTime(io.wall),
    kind: from.kind,
    cid: from.cid,
    name: from.name,
    acc: account,
    subj: message.subject,
    error: undefined,
  };
  return {
    account,
    dest,
    only: isTraceOnly(message),
    request: { header: Object.fromEntries(sorted), msgsize: messageBytes(message) },
    events: [entry],
    hop,
    hops: 0,
  };
}

/**
 * The message goes to another server: it takes along where on its way it is.
 * Source: nats-server `setHopHeader`, `addEgressEvent`.
 */
export function withHop(
  trace: MessageTrace,
  io: ServerIo,
  route: RouteConn,
  message: Message,
): Message {
  trace.hops++;
  const hop = trace.hop === "" ? `${trace.hops}` : `${trace.hop}.${trace.hops}`;
  const ts = formatStoredTime(io.wall);
  const to = { kind: routerKind, cid: route.rid, name: route.remoteName };
  trace.events.push({ type: "eg", ts, ...to, hop });
  return { ...message, headers: setHeader(message.headers, traceHopHeader, hop) };
}

/** The message was refused at the door. */
export function noteIngressError(trace: MessageTrace | null, error: string): void {
  const entry = trace?.events[0];
  if (entry !== undefined) entry.error = error;
}

/** A step of a kind: subject mapping, stream export, service import or JetStream. */
export function noteStep(
  trace: MessageTrace | null,
  io: ServerIo,
  type: "sm" | "se" | "si" | "js",
  fields: TraceEvent,
): TraceEvent | null {
  if (trace === null) return null;
  const entry = { type, ts: formatStoredTime(io.wall), ...fields };
  trace.events.push(entry);
  return entry;
}

/** A client was reached, or was not because of `error`. Source: nats-server `addEgressEvent`. */
export function noteEgress(
  trace: MessageTrace | null,
  io: ServerIo,
  to: { readonly client: ClientConn; readonly sub: Subscription },
  error?: string,
): void {
  if (trace === null) return;
  const { client, sub } = to;
  trace.events.push({
    type: "eg",
    ts: formatStoredTime(io.wall),
    kind: 0,
    cid: client.cid,
    name: client.options.name === "" ? undefined : client.options.name,
    acc: client.account === trace.account ? undefined : client.account,
    sub: sub.subject,
    queue: sub.queue ?? undefined,
    error,
  });
}

/** Reports when all mail of the message was read, so that JetStream has had its say. */
export function finishTrace(server: ServerState, trace: MessageTrace | null): void {
  if (trace !== null) server.inbox.push({ kind: "trace", target: { kind: "trace" }, trace });
}

/** The report, as a message. Source: nats-server `MsgTraceEvent`. */
export function traceReport(
  server: ServerState,
  io: ServerIo,
  event: InternalEvent,
): { readonly account: string; readonly message: Message } | null {
  if (event.kind !== "trace") return null;
  const { account, dest, request, hops, events } = event.trace;
  const body = encodeJson({
    server: serverInfo(server, io),
    request,
    hops: hops === 0 ? undefined : hops,
    events,
  });
  return { account, message: createMessage(dest, null, null, encodeText(body)) };
}
