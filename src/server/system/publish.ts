/** What a server says to its system account, when anyone listens. */
import { createMessage, encodeText } from "../../protocol/index.ts";
import { systemAccountOf } from "../connections/info.ts";
import { publishInternal } from "../interest/route.ts";
import { hasInterest } from "../interest/subscribe.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";

/** A server that is not up, or that is ending, is silent; and so is one that nobody listens to. */
export function isSystemHeard(server: ServerState, subject: string): boolean {
  if (server.phase !== "running" && server.phase !== "lame-duck") return false;
  return hasInterest(server, systemAccountOf(server), subject);
}

export function publishSystem(
  server: ServerState,
  io: ServerIo,
  subject: string,
  body: string,
): void {
  const message = createMessage(subject, null, null, encodeText(body));
  publishInternal(server, io, { account: systemAccountOf(server), message });
}
