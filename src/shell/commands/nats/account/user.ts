// Who the server thinks we are.

import { errors as natsErrors } from "@nats-io/nats-core";
import { connect } from "../connection.ts";
import { logLine, type NatsContext } from "../context.ts";

export interface Permission {
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

export interface UserInfo {
  readonly user?: string;
  readonly user_name?: string;
  readonly account: string;
  readonly account_name?: string;
  readonly expires?: number;
  readonly permissions?: { readonly publish?: Permission; readonly subscribe?: Permission };
}

const subject = "$SYS.REQ.USER.INFO";

/** Null when the server does not say. Source: natscli v0.4.0 `actCmd.infoAction`. */
export async function askWhoWeAre(ctx: NatsContext): Promise<UserInfo | null> {
  const connection = await connect(ctx);
  if (ctx.globals.trace) await logLine(ctx, `>>> ${subject}: {}\n`);
  try {
    const reply = await connection.request(subject, undefined, { timeout: 1000 });
    if (ctx.globals.trace) await logLine(ctx, `<<< ${reply.string()}`);
    const answer = JSON.parse(reply.string()) as { data?: UserInfo; error?: unknown };
    return answer.error ? null : (answer.data ?? null);
  } catch (error) {
    const isSilent =
      error instanceof natsErrors.RequestError ||
      error instanceof natsErrors.TimeoutError ||
      error instanceof natsErrors.PermissionViolationError;
    if (isSilent) return null;
    throw error;
  }
}
