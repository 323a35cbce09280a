/** `$SYS.REQ.…`: what a server answers about itself on subjects. */
import { createMessage, encodeJson, encodeText, type JsonLike } from "../../protocol/index.ts";
import type { PermissionsConfig, SubjectPermission } from "../config/account-config.ts";
import { publishInternal } from "../interest/route.ts";
import type { InternalEvent, MessageArrived } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { serverVersion } from "../version.ts";
import { answerServerRequest } from "./server-requests.ts";
import { userInfoSubject } from "./user-info.ts";

/** Answers who the asking client is, or about the server itself. */
export function answerSystemRequest(server: ServerState, io: ServerIo, event: InternalEvent): void {
  if (event.kind !== "message" || event.message.reply === null) return;
  if (event.message.subject === userInfoSubject) answerUserInfo(server, io, event);
  else answerServerRequest(server, io, event);
}

/** Source: nats-server `events.go` `userInfoReq`. */
function answerUserInfo(server: ServerState, io: ServerIo, event: MessageArrived): void {
  if (event.message.reply === null) return;
  const client = event.conn === null ? undefined : server.conns.get(event.conn);
  if (client === undefined) return;
  const permissions = client.permissions?.config;
  const body = encodeJson({
    server: { name: server.name, host: server.config.host, id: server.id, ver: serverVersion },
    data: {
      user: client.user,
      account: client.account,
      account_name: client.account,
      permissions: permissions === undefined ? undefined : shownPermissions(permissions),
    },
  });
  const message = createMessage(event.message.reply, null, null, encodeText(body));
  publishInternal(server, io, { account: event.account, message });
}

/** Source: nats-server `publicPermissions`. */
function shownPermissions({ publish, subscribe, responses }: PermissionsConfig): JsonLike {
  const shown = (one: SubjectPermission | null): JsonLike => ({
    allow: one?.allow == null || one.allow.length === 0 ? undefined : one.allow,
    deny: one === null || one.deny.length === 0 ? undefined : one.deny,
  });
  return {
    publish: shown(publish),
    subscribe: shown(subscribe),
    responses: responses === null ? undefined : { max: responses.max, ttl: responses.expires },
  };
}
