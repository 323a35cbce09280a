/**
 * In a cluster every server hears a request to the JetStream API, and several may answer. The API
 * is a service of the system account with one answer a request: the requester gets the first.
 * Source: nats-server `setJetStreamExportSubs`, `processServiceImportResponse` (Singleton).
 */
import { minutes } from "../../kernel/index.ts";
import { peerHash } from "../cluster/peer-name.ts";
import type { Route } from "../interest/route.ts";
import { subscribeInternal } from "../interest/subscribe.ts";
import type { Subscription } from "../interest/subscription.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { replyPrefix } from "./responses.ts";
import { dropUnanswered } from "./service-imports.ts";

/** How long an answer is waited for. `DEFAULT_SERVICE_EXPORT_RESPONSE_THRESHOLD`. */
const patience = minutes(2);

/** Each server hears the answers to what was asked through it. */
export function listenForApiAnswers(server: ServerState): void {
  const target = { kind: "service-response" } as const;
  const subject = `${replyPrefix}${peerHash(server.name)}.>`;
  for (const [name, { config }] of server.accounts) {
    // One with services of its own hears all answers already.
    if (!config.exports.some(({ kind }) => kind === "service")) {
      subscribeInternal(server, name, { subject, target });
    }
  }
}

/** Whether a client of this server asks the API of a cluster. */
export function asksApi(
  server: ServerState,
  { routed, from, message }: Route,
  plain: readonly Subscription[],
): boolean {
  if (server.groups === undefined || routed !== null || from === null) return false;
  if (message.reply === null) return false;
  for (let i = 0; i < plain.length; i++) if (plain[i]?.target?.kind === "api") return true;
  return false;
}

/** The request, with a reply subject that stands for the requester's own until it was used. */
export function withOneAnswer(server: ServerState, io: ServerIo, route: Route): Route {
  const { account, message } = route;
  const { reply } = message;
  if (reply === null) return route;
  dropUnanswered(io, account);
  const unique = io.draw("service-replies").toString(36).padStart(7, "0");
  const subject = `${replyPrefix}${peerHash(server.name)}.${unique}`;
  account.responses.set(subject, {
    account: account.name,
    to: reply,
    responses: "singleton",
    threshold: patience,
    lastAt: io.now,
    measured: null,
  });
  return { ...route, message: { ...message, reply: subject } };
}
