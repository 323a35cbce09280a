// Requests to the JetStream API, as jsm.go makes them.

import { errors as natsErrors, headers as newHeaders } from "@nats-io/nats-core";
import { CommandError } from "../../grammar/errors.ts";
import { goJson } from "../../render/json.ts";
import { connect, writeConnected } from "./connection.ts";
import { logLine, type NatsContext, timeoutMs } from "./context.ts";
import { ApiFailure, type ApiFault, asCommandError, deadlineExceeded } from "./failures.ts";
import type { AccountInfo } from "./wire-account.ts";

export interface ApiOptions {
  /** The API level that the request needs; 0 needs no header. */
  readonly level?: number;
}

/** `STREAM.INFO.X` with the prefix or domain of the global flags. */
export function apiSubject(ctx: NatsContext, verb: string): string {
  const { apiPrefix, domain } = ctx.globals;
  if (domain !== "") return `$JS.${domain}.API.${verb}`;
  return `${apiPrefix === "" ? "$JS.API" : apiPrefix.replace(/\.$/, "")}.${verb}`;
}

/**
 * Asks the API; the reply's JSON. Throws ApiFailure when the server refuses, CommandError with
 * nats.go's words when there is no answer. Source: jsm.go v0.4.1 `jsonRequest`.
 */
export async function apiRequest<T>(
  ctx: NatsContext,
  verb: string,
  body?: unknown,
  options: ApiOptions = {},
): Promise<T> {
  const connection = await connect(ctx);
  const subject = apiSubject(ctx, verb);
  const text = body === undefined ? "" : goJson(body);
  const level = options.level ?? 0;
  const headers = level > 0 ? newHeaders() : undefined;
  headers?.set("Nats-Required-Api-Level", String(level));
  if (ctx.globals.trace) await traceRequest(ctx, { subject, text, level });
  const reply = await answer(ctx, () =>
    connection.request(subject, text, {
      timeout: timeoutMs(ctx),
      ...(headers ? { headers } : {}),
    }),
  );
  const replyText = reply.string();
  if (ctx.globals.trace) await logLine(ctx, `<<< ${subject}\n${replyText}\n\n`);
  return parseReply<T>(replyText);
}

interface Traced {
  readonly subject: string;
  readonly text: string;
  readonly level: number;
}

async function traceRequest(ctx: NatsContext, { subject, text, level }: Traced): Promise<void> {
  await logLine(ctx, `>>> ${subject}`);
  if (level > 0) await logLine(ctx, `>>> Header: Nats-Required-Api-Level: [${level}]`);
  await logLine(ctx, text);
  await writeConnected(ctx);
}

/**
 * Waits for a reply. nats.js ends a request early when its subject is forbidden; nats.go does
 * not, so the rest of the timeout is waited out. Evidence: account.jsonl account-limits step 21.
 */
async function answer<T>(ctx: NatsContext, request: () => Promise<T>): Promise<T> {
  const began = ctx.process.nowMs();
  try {
    return await request();
  } catch (error) {
    const failure = asCommandError(error);
    if (isTimeout(error)) throw new CommandError(deadlineExceeded);
    if (isForbidden(error)) {
      await ctx.process.sleep(Math.max(0, timeoutMs(ctx) - (ctx.process.nowMs() - began)));
      throw new CommandError(deadlineExceeded);
    }
    throw failure;
  }
}

function isTimeout(error: unknown): boolean {
  return (
    error instanceof natsErrors.TimeoutError || causeOf(error) instanceof natsErrors.TimeoutError
  );
}

function isForbidden(error: unknown): boolean {
  const kind = natsErrors.PermissionViolationError;
  return error instanceof kind || causeOf(error) instanceof kind;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/** The JSON of a reply; throws ApiFailure when it carries an error. */
export function parseReply<T>(text: string): T {
  if (text.startsWith("-ERR"))
    throw new CommandError(text.replace(/^-ERR '?/, "").replace(/'$/, ""));
  const reply = JSON.parse(text) as T & { readonly error?: ApiFault };
  if (reply.error) throw new ApiFailure(reply.error);
  return reply;
}

/** Collects a paged listing. Source: jsm.go v0.4.1 `iterableRequest`. */
export async function apiPages<T extends { total: number; limit: number }>(
  ctx: NatsContext,
  verb: string,
  request: Readonly<Record<string, unknown>>,
): Promise<T[]> {
  const pages: T[] = [];
  for (let offset = 0; ; ) {
    const page = await apiRequest<T>(ctx, verb, { ...request, offset });
    pages.push(page);
    offset += page.limit;
    if (page.limit === 0 || offset >= page.total) return pages;
  }
}

export function accountInfo(ctx: NatsContext): Promise<AccountInfo> {
  return apiRequest<AccountInfo>(ctx, "INFO");
}

/** Throws CommandError(`text`) when the server's API is older than `level`. */
export async function requireApiLevel(
  ctx: NatsContext,
  level: number,
  text: string,
): Promise<void> {
  ctx.session.apiLevel ??= (await accountInfo(ctx)).api.level ?? 0;
  if (ctx.session.apiLevel < level) throw new CommandError(text);
}
