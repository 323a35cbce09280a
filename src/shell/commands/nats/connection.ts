// The one connection of a command: options from the global flags, trace lines, last error.

import {
  type Authenticator,
  type ConnectionOptions,
  credsAuthenticator,
  jwtAuthenticator,
  type NatsConnection,
  errors as natsErrors,
  nkeyAuthenticator,
  nkeys,
} from "@nats-io/nats-core";
import { load } from "../../../clients/index.ts";
import { CommandError } from "../../grammar/errors.ts";
import { logLine, type NatsContext } from "./context.ts";
import { asCommandError } from "./failures.ts";

/** Milliseconds between reconnects, before jitter. Source: natscli v0.4.0 `DefaultBackoff`. */
const reconnectSteps = [500, 750, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000];

/** Where to connect when nobody says. */
const defaultServer = "nats://localhost:4222";

export function serverUrls(ctx: NatsContext): string[] {
  return (ctx.globals.server || defaultServer).split(",").map((url) => url.trim());
}

/** The connection of this run, made on first use. Throws CommandError in nats.go's words. */
export async function connect(ctx: NatsContext): Promise<NatsConnection> {
  const { session } = ctx;
  if (session.connection) return session.connection;
  session.connection = await connectTo(ctx, serverUrls(ctx));
  return session.connection;
}

/** A connection of its own to these servers; the caller closes it. */
export async function connectTo(
  ctx: NatsContext,
  servers: readonly string[],
): Promise<NatsConnection> {
  for (const server of servers) checkPort(server);
  try {
    const connection = await ctx.process.connect({
      ...(await credentials(ctx)),
      servers: [...servers],
      name: ctx.globals.connectionName.trim(),
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
      reconnectDelayHandler: reconnectDelay(ctx),
      noAsyncTraces: true,
      ...(ctx.globals.inboxPrefix ? { inboxPrefix: ctx.globals.inboxPrefix } : {}),
    });
    if (ctx.globals.trace) noteConnected(ctx, connection, servers[0] ?? "");
    void followStatus(ctx, connection);
    return connection;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (error instanceof natsErrors.AuthorizationError) throw asCommandError(error);
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    throw new CommandError("nats: no servers available for connection");
  }
}

/** Go's dialer refuses such a port before it tries. Evidence: transcripts/errors.jsonl step 28. */
function checkPort(server: string): void {
  const port = /:(\d+)$/.exec(server)?.[1];
  if (port !== undefined && Number(port) > 65535) {
    throw new CommandError(`dial tcp: address ${port}: invalid port`);
  }
}

function reconnectDelay(ctx: NatsContext): () => number {
  let attempt = 0;
  return () => {
    const step = reconnectSteps[Math.min(attempt, reconnectSteps.length - 1)] ?? 0;
    attempt += 1;
    return Math.floor(step / 2 + ctx.process.random() * step);
  };
}

async function credentials(ctx: NatsContext): Promise<ConnectionOptions> {
  const { user, password, token } = ctx.globals;
  const authenticator = await keyAuthenticator(ctx);
  if (authenticator) return { authenticator };
  if (token !== "") return { token };
  if (user !== "" && password === "") return { token: user };
  return user === "" ? {} : { user, pass: password };
}

async function keyAuthenticator(ctx: NatsContext): Promise<Authenticator | null> {
  const { creds, nkey, jwt, seed } = ctx.globals;
  const bytes = (text: string) => new TextEncoder().encode(text);
  if (creds !== "" || nkey !== "" || jwt !== "") await loadKeys();
  if (creds !== "") return credsAuthenticator(await keyFile(ctx, creds));
  if (nkey !== "") return nkeyAuthenticator(seedIn(await keyFile(ctx, nkey)));
  if (jwt !== "" && seed !== "") return jwtAuthenticator(jwt, bytes(seed));
  return null;
}

/** A built page has the library of keys apart (tools/page/lazy-keys.ts). */
async function loadKeys(): Promise<void> {
  const { load: bring } = nkeys as { readonly load?: () => Promise<void> };
  if (bring !== undefined) await load(bring);
}

/** A file may say more than the seed, or end its line. Source: nkeys `ParseDecoratedNKey`. */
function seedIn(file: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(file);
  const [, seed = text.trim()] = /^\s*(S[A-Z2-7]{57})\s*$/m.exec(text) ?? [];
  return new TextEncoder().encode(seed);
}

async function keyFile(ctx: NatsContext, path: string): Promise<Uint8Array> {
  try {
    return await ctx.process.readFile(path);
  } catch {
    throw new CommandError(`nats: open ${path}: no such file or directory`);
  }
}

function noteConnected(ctx: NatsContext, connection: NatsConnection, server: string): void {
  ctx.session.connectedLine = `>>> Connected to ${server} (${connection.getServer()})`;
}

/**
 * Writes the trace line of a finished connect. Go's connect handler runs beside the first
 * request: the recordings have it after the request's lines and before the answer's.
 */
export async function writeConnected(ctx: NatsContext): Promise<void> {
  const line = ctx.session.connectedLine;
  ctx.session.connectedLine = null;
  if (line !== null) await logLine(ctx, line);
}

async function followStatus(ctx: NatsContext, connection: NatsConnection): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === "error") {
      ctx.session.lastError = status.error;
      if (ctx.globals.trace) {
        await logLine(ctx, `>>> Unexpected NATS error: ${asCommandError(status.error).message}`);
      }
    } else if (status.type === "disconnect") {
      await logLine(ctx, ">>> Disconnected due to: EOF, will attempt reconnect");
    }
  }
}

/** Waits until the server has seen everything; throws what it complained of meanwhile. */
export async function flushAndCheck(ctx: NatsContext, connection: NatsConnection): Promise<void> {
  await connection.flush();
  // The complaint came before the PONG; its status event is taken a microtask later.
  await Promise.resolve();
  await Promise.resolve();
  if (ctx.session.lastError) throw asCommandError(ctx.session.lastError);
}
