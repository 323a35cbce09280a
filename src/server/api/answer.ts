/** From a request on `$JS.API.…` to its reply: who answers, common checks. */

import { ApiError } from "../../jetstream/index.ts";
import { decodeText } from "../../protocol/index.ts";
import { clusterOf } from "../cluster/cluster-state.ts";
import { clusterParts } from "../cluster-door.ts";
import type { InternalEvent, MessageArrived } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { needsHigherLevel } from "./api-level.ts";
import { type ApiReply, requester, sendApiReply } from "./reply.ts";
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
  if (reply !== null) sendApiReply(server, io, replyTo(server, event, reply));
}

interface Outcome {
  readonly body: ApiFields;
  readonly isError: boolean;
  /** Neither counted nor audited. */
  readonly isQuiet: boolean;
  readonly headers?: ApiCall["answerHeaders"];
}

/** The one place where an `ApiError` becomes a reply; anything else thrown stops the world. */
function perform(
  server: ServerState,
  io: ServerIo,
  event: MessageArrived,
  route: ApiRoute,
): Outcome | null {
  const type = `${typePrefix}${route.type}_response`;
  const refused = (error: ApiError): Outcome => {
    const body = { type, error: { ...error.body }, ...route.errorFields };
    return { body, isError: true, isQuiet: false };
  };
  try {
    const call = callOf(server, io, event);
    if (call === null) return null;
    if (clusterOf(server) !== null) {
      const passage = clusterParts().passGate(call, route);
      if (passage.kind === "silent") return null;
      if (passage.kind === "later") {
        const reply = replyTo(server, event, refused(passage.error));
        clusterParts().delayReply(server, io, reply, passage.group);
        return null;
      }
    }
    if (route.needsCluster !== undefined && clusterOf(server) === null) {
      if (route.needsCluster === "ignore") return null;
      throw new ApiError("JSClusterRequiredErr");
    }
    if (route.isOpen !== true) checkCall(call);
    const handle = clusterOf(server) === null ? route.handle : (route.clustered ?? route.handle);
    const fields = handle(call);
    if (fields === null) return null;
    const isQuiet = route.quiet === true;
    return { body: { type, ...fields }, isError: false, isQuiet, headers: call.answerHeaders };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return refused(error);
  }
}

function callOf(server: ServerState, io: ServerIo, event: MessageArrived): ApiCall | null {
  const { message, conn, account: accountName, client } = event;
  const js = server.jetstream;
  if (js === null) return null;
  // An account without JetStream is refused before it is looked at.
  const account = js.accounts.get(accountName) ?? bareAccount(accountName);
  const tokens = message.subject.split(".").slice(2);
  const body = decodeText(message.payload);
  const { subject } = message;
  const answerHeaders: ApiCall["answerHeaders"] = [];
  const from = { conn, client, answerHeaders };
  return { server, io, js, account, subject, tokens, message, body, ...from };
}

function bareAccount(name: string): ApiCall["account"] {
  return { name, streams: new Map(), memory: 0, storage: 0, apiTotal: 0, apiErrors: 0 };
}

/** Source: nats-server `errorOnRequiredApiLevel`, `checkJetStream`. */
function checkCall({ js, account, message, tokens }: ApiCall): void {
  if (needsHigherLevel(message.headers)) throw new ApiError("JSRequiredApiLevelErr");
  // What is asked of the meta group comes from the system account, which has no streams.
  const isSystems = tokens[0] === "META" || tokens[0] === "SERVER";
  if (!js.accounts.has(account.name) && !isSystems) {
    throw new ApiError("JSNotEnabledForAccountErr");
  }
}

function replyTo(server: ServerState, event: MessageArrived, outcome: Outcome): ApiReply {
  const { account, message, conn, client } = event;
  const { subject, reply, payload } = message;
  const request = decodeText(payload);
  const who = client ?? requester(server, account, event);
  return { account, subject, request, reply, client: who, conn, ...outcome };
}
