/**
 * How long the answers of a service took, told in the account that exports it. Source: nats-server
 * `accounts.go` `shouldSample`, `sendTrackingLatency` and its kin.
 */
import {
  addToStoredTime,
  compareStrings,
  formatStoredTime,
  minus,
  plus,
} from "../../kernel/index.ts";
import { decodeHeaders, encodeJson, type JsonLike, type Message } from "../../protocol/index.ts";
import type { LatencyConfig } from "../config/account-config.ts";
import { clientFacts } from "../connections/client-facts.ts";
import { hasInterest } from "../interest/subscribe.ts";
import type { ServerIo } from "../io.ts";
import type {
  Account,
  ClientConn,
  Measurement,
  ServerState,
  ServiceImport,
  ServiceResponse,
} from "../state.ts";
import { drawEventId } from "../system/server-info.ts";

const metricType = "io.nats.server.metric.v1.service_latency";

/** Begins to measure a request that is on its way to `exporter`; null when it is not sampled. */
export function beginMeasurement(
  server: ServerState,
  io: ServerIo,
  { from, message }: { readonly from: ClientConn | null; readonly message: Message },
  { service, exporter }: { readonly service: ServiceImport; readonly exporter: Account },
): Measurement | null {
  const { latency, share } = service;
  if (latency === null || from === null) return null;
  const sampled = sample(io, latency, message.headers);
  if (sampled === null) return null;
  const { header } = sampled;
  const made = { subject: latency.subject, conn: from.conn, share, header };
  const measurement: Measurement = { ...made, at: io.now, wall: io.wall };
  if (message.reply !== null) return measurement;
  const failure = { status: 400, description: "Bad Request" };
  tell(server, io, exporter, { ...failure, measured: measurement });
  return null;
}

/** The answer is here. */
export function endMeasurement(
  server: ServerState,
  io: ServerIo,
  exporter: Account,
  {
    measured,
    responder,
  }: { readonly measured: Measurement; readonly responder: ClientConn | null },
): void {
  const requestor = server.conns.get(measured.conn);
  if (requestor === undefined) return;
  const waited = minus(io.now, measured.at);
  const there = responder?.rtt ?? 0;
  tell(server, io, exporter, {
    measured,
    status: 200,
    responder:
      responder === null ? undefined : { ...clientFacts(server, responder.account, responder) },
    service: Math.max(0, waited - there),
    total: requestor.rtt + waited,
  });
}

/** Nobody was there to answer, or nobody did in time. */
export function failMeasurement(
  server: ServerState,
  io: ServerIo,
  exporter: Account,
  { measured, isLate }: { readonly measured: Measurement; readonly isLate: boolean },
): void {
  const failure = isLate
    ? { status: 504, description: "Service Timeout" }
    : { status: 503, description: "Service Unavailable" };
  tell(server, io, exporter, { ...failure, measured });
}

/** A measured request has waited long enough. Source: nats-server `checkExpiredResponses`. */
export function onLatencyTimer(
  server: ServerState,
  io: ServerIo,
  timer: { readonly account: string; readonly subject: string },
): void {
  const account = server.accounts.get(timer.account);
  const response = account?.responses.get(timer.subject);
  if (account === undefined || response === undefined || response.measured === null) return;
  account.responses.delete(timer.subject);
  failMeasurement(server, io, account, { measured: response.measured, isLate: true });
}

/** Sees to it that a measured request that nobody answers is told of. */
export function armMeasurement(
  io: ServerIo,
  account: string,
  subject: string,
  { threshold, lastAt }: ServiceResponse,
): void {
  const timer = { kind: "service-latency", account, subject } as const;
  io.setTimer(timerName(subject), plus(lastAt, threshold), timer);
}

export function disarmMeasurement(io: ServerIo, subject: string): void {
  io.clearTimer(timerName(subject));
}

function timerName(subject: string): string {
  return `service-latency/${subject}`;
}

interface Told {
  readonly status: number;
  readonly description?: string;
  readonly responder?: JsonLike;
  readonly service?: number;
  readonly total?: number;
}

/** Source: nats-server `ServiceLatency`. */
function tell(
  server: ServerState,
  io: ServerIo,
  { name: account }: Account,
  { measured, ...told }: Told & { readonly measured: Measurement },
): void {
  if (!hasInterest(server, account, measured.subject)) return;
  const requestor = server.conns.get(measured.conn);
  const rtt = requestor?.rtt ?? 0;
  const body = encodeJson({
    type: metricType,
    id: drawEventId(io),
    timestamp: formatStoredTime(io.wall),
    status: told.status,
    description: told.description,
    requestor: requestor === undefined ? undefined : requestorOf(server, requestor, measured.share),
    responder: told.responder,
    header: measured.header ?? undefined,
    start: formatStoredTime(addToStoredTime(measured.wall, -rtt)),
    service: told.service ?? 0,
    system: 0,
    total: told.total ?? 0,
  });
  const { subject } = measured;
  const target = { kind: "metric" } as const;
  server.inbox.push({ kind: "metric", target, account, subject, body });
}

function requestorOf(server: ServerState, client: ClientConn, share: boolean): JsonLike {
  if (share) return { ...clientFacts(server, client.account, client) };
  return { acc: client.account, rtt: client.rtt === 0 ? undefined : client.rtt };
}

type Header = Readonly<Record<string, readonly string[]>>;

/** Null: not measured. `header` holds what asked for it, where that was a header. */
function sample(
  io: ServerIo,
  { sampling }: LatencyConfig,
  headers: Uint8Array | null,
): { readonly header: Header | null } | null {
  if (sampling >= 100) return { header: null };
  if (sampling > 0 && io.draw("latency") % 100 <= sampling) return { header: null };
  if (headers === null) return null;
  const given = new Map<string, string[]>();
  for (const [name, value] of decodeHeaders(headers).entries) {
    const key = canonical(name);
    given.set(key, [...(given.get(key) ?? []), value]);
  }
  const header = tracingHeader(given);
  return header === null ? null : { header };
}

/** Go's `textproto.CanonicalMIMEHeaderKey`. */
function canonical(name: string): string {
  return name
    .split("-")
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase())
    .join("-");
}

/** Jaeger, Zipkin, W3C: what says that this request is to be traced. */
function tracingHeader(given: ReadonlyMap<string, readonly string[]>): Header | null {
  const first = (name: string): string | undefined => given.get(name)?.[0];
  const jaeger = first("Uber-Trace-Id");
  if (jaeger !== undefined) {
    const flags = jaeger.split(":")[3] ?? "";
    const isAsked = /^[\da-f]{1,2}$/i.test(flags) && (Number.parseInt(flags, 16) & 1) === 1;
    return isAsked
      ? pick(given, (name) => name === "Uber-Trace-Id" || name.startsWith("Uberctx-"))
      : null;
  }
  const sampled = first("X-B3-Sampled");
  if (sampled === "0") return null;
  if (sampled === "1" || given.has("X-B3-Traceid")) {
    return pick(given, (name) => name.startsWith("X-B3-"));
  }
  const b3 = first("B3");
  if (b3 !== undefined) {
    const parts = b3.split("-");
    const isDenied = parts[2] === "0" || (parts.length === 1 && parts[0] === "0");
    return isDenied ? null : pick(given, (name) => name === "B3");
  }
  const flags = first("Traceparent")?.split("-")[3] ?? "";
  const isAsked = /^[\da-f]{2}$/i.test(flags) && (Number.parseInt(flags, 16) & 1) === 1;
  return isAsked ? pick(given, (name) => name === "Traceparent" || name === "Tracestate") : null;
}

function pick(
  given: ReadonlyMap<string, readonly string[]>,
  wanted: (name: string) => boolean,
): Header {
  const chosen = [...given].filter(([name]) => wanted(name));
  return Object.fromEntries(chosen.sort(([a], [b]) => compareStrings(a, b)));
}
