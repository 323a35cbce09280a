/** Requests to services of other accounts, and the way back of their answers. */
import { formatStoredTime, plus } from "../../kernel/index.ts";
import {
  encodeJson,
  getHeader,
  type Message,
  randomBase62,
  setHeader,
  shortHash,
  transformSubject,
} from "../../protocol/index.ts";
import { exportFor } from "../config/sharing-checks.ts";
import type { Route } from "../interest/route.ts";
import { subscribeInternal } from "../interest/subscribe.ts";
import type { ServerIo } from "../io.ts";
import type {
  Account,
  Measurement,
  ServerState,
  ServiceImport,
  ServiceResponse,
} from "../state.ts";
import { subjectPair, transformThere } from "./import-subjects.ts";
import {
  armMeasurement,
  beginMeasurement,
  disarmMeasurement,
  endMeasurement,
  failMeasurement,
} from "./latency.ts";
import { mapSubject } from "./mappings.ts";
import { answersOf, replyPrefix } from "./responses.ts";

/** Where a message goes next, and the answer's subject that was made for it. */
export interface Crossed {
  readonly next: Route;
  /** In the account of `next`, or of the answer: goes when nobody was reached. */
  readonly response: { readonly account: Account; readonly subject: string } | null;
  /** It was the one answer: its subject is not needed any more. */
  readonly isLast: boolean;
}

const ackPrefix = "$JS.ACK.";
const requestInfoHeader = "Nats-Request-Info";
const fastSuffix = ".$FI";

/** Listens for what is imported, and for the answers to it. Source: `addServiceImportSub`. */
export function startServiceImports(server: ServerState): void {
  for (const account of server.accounts.values()) {
    const { config, name } = account;
    if (config.exports.some(({ kind }) => kind === "service")) {
      const target = { kind: "service-response" } as const;
      subscribeInternal(server, name, { subject: `${replyPrefix}>`, target });
    }
    for (const wanted of config.imports) {
      const from = server.accounts.get(wanted.account);
      if (wanted.kind !== "service" || from === undefined) continue;
      const granted = exportFor(from.config, wanted, name);
      if (granted === null) continue;
      const { responses, threshold, latency } = granted;
      const pair = subjectPair(wanted.subject, wanted.to);
      const { subject, to } = pair;
      const { share } = wanted;
      const transform = transformThere(pair);
      const index = account.services.length;
      const where = { account: from.name, subject, to, share, transform };
      account.services.push({ ...where, responses, threshold, latency });
      subscribeInternal(server, name, { subject: to, target: { kind: "service-import", index } });
    }
  }
}

/** A request enters the account of the service. Source: `processServiceImport`. */
export function requestCrossing(
  server: ServerState,
  io: ServerIo,
  crossing: Route,
  index: number,
): Crossed | null {
  const service = crossing.account.services[index];
  const account = service === undefined ? undefined : server.accounts.get(service.account);
  if (service === undefined || account === undefined) return null;
  if (crossing.via?.includes(service) === true) return null;
  const { message } = crossing;
  const asked = crossing.to ?? message.subject;
  const named =
    service.transform === null
      ? asked
      : transformSubject(service.transform, asked, (n) => io.draw("mappings") % n);
  const subject = mapSubject(account, io, named);
  if (subject === null) return null;
  const measured = beginMeasurement(server, io, crossing, { service, exporter: account });
  // An answer that is measured says which server waits for it: `newServiceReply`.
  const trail = measured === null ? "" : `.${shortHash(server.name)}.T`;
  const answer = answerSubject(io, crossing, { exporter: account, service, measured, trail });
  const headers = withRequestInfo(server, crossing, service);
  const isDelivery = crossing.to !== undefined;
  const crossed: Message = {
    ...message,
    subject: isDelivery ? message.subject : subject,
    reply: answer ?? message.reply,
    headers,
  };
  const to = isDelivery ? subject : undefined;
  const via = [...(crossing.via ?? []), service];
  const { from, routed } = crossing;
  const next: Route = { account, message: crossed, to, from, via, trace: null, routed };
  const response = answer === null ? null : { account, subject: answer };
  return { next, response, isLast: false };
}

/** An answer goes back to the account that asked. Source: `processServiceImportResponse`. */
export function responseCrossing(
  server: ServerState,
  io: ServerIo,
  crossing: Route,
): Crossed | null {
  const { account: from, message } = crossing;
  const subject = crossing.to ?? message.subject;
  const response = from.responses.get(subject);
  const account = response === undefined ? undefined : server.accounts.get(response.account);
  if (response === undefined || account === undefined) return null;
  response.lastAt = io.now;
  const { measured } = response;
  if (measured !== null) {
    response.measured = null;
    disarmMeasurement(io, subject);
    endMeasurement(server, io, from, { measured, responder: crossing.from });
  }
  // The latest stands last, so that those that nobody answers are found at the front.
  from.responses.delete(subject);
  from.responses.set(subject, response);
  const isDelivery = crossing.to !== undefined;
  const sent = isDelivery ? message : { ...message, subject: response.to };
  const to = isDelivery ? response.to : undefined;
  const way = { from: crossing.from, via: [], trace: null, routed: null };
  const next: Route = { account, message: sent, to, ...way };
  const isEnd = message.payload.length === 0 && message.headers === null;
  const isLast = response.responses === "singleton" || isEnd;
  return { next, response: { account: from, subject }, isLast };
}

/** Forgets the answer's subject that is of no more use. */
export function settleCrossing(
  server: ServerState,
  io: ServerIo,
  { response, isLast }: Crossed,
  delivered: boolean,
): void {
  if (response === null || (!isLast && delivered)) return;
  const { account, subject } = response;
  const measured = account.responses.get(subject)?.measured ?? null;
  account.responses.delete(subject);
  if (measured === null) return;
  disarmMeasurement(io, subject);
  failMeasurement(server, io, account, { measured, isLate: false });
}

interface Asked {
  readonly exporter: Account;
  readonly service: ServiceImport;
  readonly measured: Measurement | null;
  readonly trail: string;
}

/** An acknowledgement's subject keeps its name: pull consumers go by it across accounts. */
function answerSubject(
  io: ServerIo,
  { account, message }: Route,
  { exporter, service, measured, trail }: Asked,
): string | null {
  const { reply } = message;
  if (reply === null || reply.startsWith(ackPrefix)) return null;
  dropUnanswered(io, exporter);
  const subject = `${answersOf(exporter.name)}${chance(io)}${trail}`;
  const { responses, threshold } = service;
  const way = { account: account.name, to: reply, responses, threshold };
  const response: ServiceResponse = { ...way, lastAt: io.now, measured };
  exporter.responses.set(subject, response);
  if (measured !== null) armMeasurement(io, exporter.name, subject, response);
  return subject;
}

/** Source: nats-server `checkExpiredResponses`, here when the next one comes. */
export function dropUnanswered(io: ServerIo, { responses }: Account): void {
  for (const [subject, { lastAt, threshold }] of responses) {
    if (plus(lastAt, threshold) > io.now) break;
    responses.delete(subject);
  }
}

function chance(io: ServerIo): string {
  return randomBase62(6, () => io.draw("service-replies"));
}

/** Where the answers of a fast batch go is what steers it: told to the service. */
function fastReply({ reply }: Message): string {
  return reply?.endsWith(fastSuffix) ? reply : "";
}

/**
 * What the requester gave as the reply of a fast batch, of a message from another account; "" of
 * any other. Source: nats-server `getFastBatch`.
 */
export function repliedTo({ headers, reply }: Message): string {
  if (reply?.startsWith(replyPrefix) !== true) return "";
  const info = getHeader(headers, requestInfoHeader) ?? "";
  if (!info.includes(fastSuffix)) return "";
  try {
    const told = (JSON.parse(info) as { readonly reply?: unknown }).reply;
    return typeof told === "string" && told.endsWith(fastSuffix) ? told : "";
  } catch {
    return "";
  }
}

/** Says who asks; an account on the way adds itself. Source: nats-server `getClientInfo`. */
function withRequestInfo(
  server: ServerState,
  { account, message, from, via }: Route,
  { share }: ServiceImport,
): Uint8Array {
  const first = via?.[0];
  const isChained = first !== undefined;
  const shared = (isChained ? first.share : share) ? from : null;
  const given = (text: string | undefined): string | undefined => (text === "" ? undefined : text);
  const info = encodeJson({
    start: shared === null ? undefined : formatStoredTime(shared.start),
    host: shared?.ip,
    id: shared?.cid,
    acc: isChained ? (from?.account ?? account.name) : account.name,
    svc: isChained ? account.name : undefined,
    user: given(shared?.user),
    name: given(shared?.options.name),
    lang: given(shared?.options.lang),
    ver: given(shared?.options.version),
    rtt: from === null || from.rtt <= 0 ? undefined : from.rtt,
    server: shared === null ? undefined : server.name,
    kind: shared === null ? undefined : "Client",
    client_type: shared === null ? undefined : shared.transport === "ws" ? "websocket" : "nats",
    reply: given(isChained ? repliedTo(message) : fastReply(message)),
  });
  return setHeader(message.headers, requestInfoHeader, info);
}
