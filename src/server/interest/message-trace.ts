/** Message tracing: a message that says where to report tells whom it reached. */
import { formatStoredTime, sortedKeys } from "../../kernel/index.ts";
import {
  createMessage,
  decodeHeaders,
  encodeJson,
  encodeText,
  getHeader,
  isValidLiteral,
  type JsonLike,
  type Message,
  messageBytes,
} from "../../protocol/index.ts";
import type { InternalEvent } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { ClientConn, ServerState } from "../state.ts";
import { serverVersion } from "../version.ts";
import type { Subscription } from "./subscription.ts";

/** What is known of a message on its way; lives no longer than the event that brought it. */
export interface MessageTrace {
  readonly account: string;
  readonly dest: string;
  /** Report, but do not deliver. */
  readonly only: boolean;
  readonly request: JsonLike;
  readonly events: TraceEvent[];
}

/** One step; members in nats-server's order. */
export type TraceEvent = Record<string, JsonLike>;

const traceDestHeader = "Nats-Trace-Dest";
const traceOnlyHeader = "Nats-Trace-Only";
/** Not a subject: what a server says to those behind it. Source: `MsgTraceDestDisabled`. */
const disabled = "trace disabled";

/** Where the message's way is to be reported; null when it asks for nothing. */
export function traceDestination({ headers }: Message): string | null {
  if (headers === null) return null;
  const dest = getHeader(headers, traceDestHeader);
  return dest === null || dest === "" || dest === disabled ? null : dest;
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
    kind: 0,
    cid: client.cid,
    name: client.options.name === "" ? undefined : client.options.name,
    acc: client.account,
    subj: message.subject,
    error: undefined,
  };
  return {
    account: client.account,
    dest,
    only: isTraceOnly(message),
    request: { header: Object.fromEntries(sorted), msgsize: messageBytes(message) },
    events: [entry],
  };
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
  const { account, dest, request, events } = event.trace;
  const body = encodeJson({
    server: {
      name: server.name,
      host: server.config.host,
      id: server.id,
      ver: serverVersion,
      jetstream: server.config.jetstream !== null,
      time: formatStoredTime(io.wall),
    },
    request,
    events,
  });
  return { account, message: createMessage(dest, null, null, encodeText(body)) };
}
