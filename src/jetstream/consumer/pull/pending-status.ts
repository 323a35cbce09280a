import { tableEach } from "../../../kernel/index.ts";
import type { ConsumerEffect } from "../effects.ts";
import type { ConsumerState, WaitingRequest } from "../state.ts";

/** A status that tells what of the request was not delivered. */
export function pendingStatus(
  request: Pick<WaitingRequest, "reply" | "left" | "bytesLeft">,
  status: { readonly code: number; readonly description: string },
  out: ConsumerEffect[],
): void {
  out.push({
    kind: "status",
    to: request.reply,
    code: status.code,
    description: status.description,
    headers: [
      ["Nats-Pending-Messages", String(request.left)],
      ["Nats-Pending-Bytes", String(request.bytesLeft)],
    ],
    reply: null,
  });
}

/** `409 Server Shutdown` to everybody who waits. Source: `signalPullConsumers`. */
export function tellOfShutdown(consumer: ConsumerState, out: ConsumerEffect[]): void {
  tableEach(consumer.waiting.requests, (request) => {
    pendingStatus(request, { code: 409, description: "Server Shutdown" }, out);
  });
}
