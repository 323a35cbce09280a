// What the two `step-down` commands have in common.

import { apiRequest, requireApiLevel } from "../api.ts";
import { logLine, type NatsContext } from "../context.ts";

export const stepDownFlags = {
  preferred: { help: "The server that should lead", type: "string" },
  force: { help: "Also when nobody leads", type: "switch", short: "f" },
} as const;

export interface StepDown {
  /** The API's subject without its prefix. */
  readonly subject: string;
  /** The server that should lead; "" is any. */
  readonly preferred: string;
  /** Whose leader is asked, as natscli says it. */
  readonly whose: string;
}

/** Asks a leader to step down, and says so. Throws CommandError. */
export async function requestStepDown(ctx: NatsContext, asked: StepDown): Promise<void> {
  const { subject, preferred, whose } = asked;
  if (preferred !== "") {
    await requireApiLevel(ctx, 1, "placement hints during step-down requires NATS Server 2.11");
  }
  await logLine(ctx, `Requesting leader step down of ${whose}`);
  await apiRequest(ctx, subject, preferred === "" ? "" : { placement: { preferred } });
}
