// Requests to the servers themselves, through the system account.
// Source: jsm.go v0.4.1 `serverdata` (`DoReq`, `CurrentActiveServers`).

import { CommandError } from "../../../grammar/errors.ts";
import { goJson } from "../../../render/json.ts";
import { connect } from "../connection.ts";
import { logLine, type NatsContext, timeoutMs } from "../context.ts";
import { closeQueue, createQueue, isNoResponders, subscribeInto, take } from "../waiting.ts";
import type { PeerInfo } from "../wire.ts";

/** A server of a reply. */
export interface ServerNamed {
  readonly name: string;
  readonly cluster?: string;
}

export interface JetStreamFigures {
  readonly memory: number;
  readonly storage: number;
  readonly api: { readonly total: number };
}

export interface MetaCluster {
  readonly name?: string;
  readonly leader?: string;
  readonly peer?: string;
  readonly replicas?: readonly PeerInfo[];
  readonly cluster_size: number;
  readonly pending: number;
}

/** What `/jsz` says, as far as reports read it. */
export interface JszData extends JetStreamFigures {
  readonly config?: { readonly domain?: string };
  readonly streams: number;
  readonly streams_leader?: number;
  readonly consumers: number;
  readonly consumers_leader?: number;
  readonly messages: number;
  readonly bytes: number;
  readonly meta_cluster?: MetaCluster;
  readonly account_details?: readonly AccountDetail[];
}

export interface AccountDetail extends JetStreamFigures {
  readonly stream_detail?: readonly StreamDetail[];
}

export interface StreamDetail {
  readonly cluster?: { readonly name?: string; readonly leader?: string };
  readonly state: { readonly messages: number; readonly consumer_count: number };
  readonly consumer_detail?: readonly { readonly cluster?: { readonly leader?: string } }[];
}

export interface JszReply {
  readonly server: ServerNamed;
  readonly data: JszData;
}

const noPrivileges =
  "server request failed, ensure the account used has system privileges and appropriate permissions";

/** How many servers the one we are connected to knows of. */
export async function activeServers(ctx: NatsContext): Promise<number> {
  const wanted = { subject: "$SYS.REQ.SERVER.PING", body: {}, replies: 1 };
  const [reply] = await askServers<{ statsz?: { active_servers?: number } }>(ctx, wanted);
  return reply?.statsz?.active_servers ?? 0;
}

/** `/jsz` of all servers that answer. */
export function jszOf(ctx: NatsContext, options: object, replies: number): Promise<JszReply[]> {
  return askServers<JszReply>(ctx, {
    subject: "$SYS.REQ.SERVER.PING.JSZ",
    body: options,
    replies,
  });
}

interface Asked {
  readonly subject: string;
  readonly body: object;
  /** How many replies end the wait; 0: a pause of 300 ms between two does. */
  readonly replies: number;
}

const pauseMs = 300;

async function askServers<T>(ctx: NatsContext, { subject, body, replies }: Asked): Promise<T[]> {
  const connection = await connect(ctx);
  const text = goJson(body);
  if (ctx.globals.trace) await logLine(ctx, `>>> ${subject}: ${text}\n`);
  const inbox = createQueue<Parameters<typeof isNoResponders>[0]>();
  const to = `${ctx.globals.inboxPrefix || "_INBOX"}.${nextId(ctx)}`;
  const subscription = subscribeInto(connection, inbox, { subject: to });
  connection.publish(subject, text, { reply: to });
  const found: T[] = [];
  const until = ctx.process.nowMs() + timeoutMs(ctx);
  while (replies === 0 || found.length < replies) {
    const left = until - ctx.process.nowMs();
    const wait = replies === 0 && found.length > 0 ? Math.min(pauseMs, left) : left;
    const message = left <= 0 ? null : await take(inbox, wait);
    if (message === null) break;
    if (isNoResponders(message)) throw new CommandError(noPrivileges);
    const reply = message.string();
    if (ctx.globals.trace) await logLine(ctx, `<<< (${reply.length}B) ${reply}`);
    found.push(JSON.parse(reply) as T);
  }
  closeQueue(inbox);
  subscription.unsubscribe();
  return found;
}

function nextId(ctx: NatsContext): string {
  const digits = Array.from({ length: 3 }, () =>
    Math.floor(ctx.process.random() * 2 ** 32).toString(36),
  );
  return digits.join("");
}
