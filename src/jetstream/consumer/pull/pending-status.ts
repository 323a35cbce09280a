import type { ConsumerEffect } from "../effects.ts";
import type { WaitingRequest } from "../state.ts";

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
