/** Advisories: plain messages under `$JS.EVENT.…` that tell what JetStream did. */
import { formatStoredTime } from "../../kernel/index.ts";
import {
  createMessage,
  encodeJson,
  encodeText,
  type JsonLike,
  nextNuid,
} from "../../protocol/index.ts";
import { publishInternal } from "../interest/route.ts";
import { hasInterest } from "../interest/subscribe.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { trace } from "../trace-record.ts";

export interface Advisory {
  readonly account: string;
  readonly subject: string;
  readonly type: string;
  /** What stands between the common fields and the domain, in order. */
  readonly fields: { readonly [field: string]: JsonLike };
  /** Told to another account already: the same news, counted once. */
  readonly isCopy?: boolean;
}

/**
 * Publishes an advisory when anyone listens; without a listener nothing is made. Whoever watches
 * the server is told of it either way.
 * Source: nats-server `server/jetstream_events.go` `publishAdvisory`.
 */
export function publishAdvisory(server: ServerState, io: ServerIo, advisory: Advisory): void {
  const { account, subject, type, fields, isCopy = false } = advisory;
  if (io.tracing && server.jetstream !== null && !isCopy) {
    trace(server, io, "advisory", { account, subject, detail: encodeJson(fields) });
  }
  if (server.jetstream === null || !hasInterest(server, account, subject)) return;
  const { domain } = server.jetstream;
  const body = {
    type,
    id: drawId(server, io),
    timestamp: formatStoredTime(io.wall),
    ...fields,
    domain: domain === "" ? undefined : domain,
  };
  const message = createMessage(subject, null, null, encodeText(encodeJson(body)));
  publishInternal(server, io, { account, message });
}

/** An id of 22 letters. */
export function drawId(server: ServerState, io: ServerIo): string {
  if (server.jetstream === null) return "";
  return nextNuid(server.jetstream.nuid, () => io.draw("ids"));
}

export type StreamAction = "create" | "modify" | "delete";

const actionSubjects = { create: "CREATED", modify: "UPDATED", delete: "DELETED" } as const;

/** Source: nats-server `sendCreateAdvisory`, `sendUpdateAdvisoryLocked`, `sendDeleteAdvisoryLocked`. */
export function adviseStreamAction(
  server: ServerState,
  io: ServerIo,
  { account, name }: { readonly account: string; readonly name: string },
  action: StreamAction,
): void {
  publishAdvisory(server, io, {
    account,
    subject: `$JS.EVENT.ADVISORY.STREAM.${actionSubjects[action]}.${name}`,
    type: "io.nats.jetstream.advisory.v1.stream_action",
    fields: { stream: name, action },
  });
}
