/** Who reads the mail of the subscribers inside the server. */
import { createMessage, encodeText } from "../protocol/index.ts";
import { jetStreamParts } from "./doors/jetstream-door.ts";
import { monitoringParts } from "./doors/monitoring-door.ts";
import { traceReport } from "./interest/message-trace.ts";
import { publishInternal } from "./interest/route.ts";
import type { InternalEvent } from "./internal.ts";
import type { ServerIo } from "./io.ts";
import type { ServerState } from "./state.ts";

/** What is not for the server itself is for JetStream. `at` is the event's place in the inbox. */
export function readInternal(
  server: ServerState,
  io: ServerIo,
  event: InternalEvent,
  at: number,
): void {
  switch (event.target.kind) {
    case "system":
      return monitoringParts().onSystemEvent(server, io, event);
    case "trace":
      return sendTrace(server, io, event);
    case "metric":
      return sendMetric(server, io, event);
    default:
      return jetStreamParts().internalHandlers[event.target.kind]?.(server, io, event, at);
  }
}

function sendTrace(server: ServerState, io: ServerIo, event: InternalEvent): void {
  const report = traceReport(server, io, event);
  if (report !== null) publishInternal(server, io, report);
}

function sendMetric(server: ServerState, io: ServerIo, event: InternalEvent): void {
  if (event.kind !== "metric") return;
  const { account, subject, body } = event;
  const message = createMessage(subject, null, null, encodeText(body));
  publishInternal(server, io, { account, message });
}
