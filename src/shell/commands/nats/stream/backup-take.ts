// Receives a snapshot and writes it into a folder. Source: jsm.go v0.4.1 `SnapshotToDirectory`,
// natscli v0.4.0 `backupStream`.

import { createInbox, type Msg } from "@nats-io/nats-core";
import { concatBytes, decodeS2, emptyBytes } from "../../../../protocol/index.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { goDuration, roundDuration } from "../../../render/durations.ts";
import { goJsonIndented, goStruct } from "../../../render/json.ts";
import { binaryBytes, comma } from "../../../render/numbers.ts";
import { nanosBetween } from "../../../render/times.ts";
import { apiRequest } from "../api.ts";
import { connect } from "../connection.ts";
import { type NatsContext, printLine, timeoutMs } from "../context.ts";
import type { StreamConfig, StreamInfo } from "../wire.ts";
import { streamConfigFields } from "../wire-fields.ts";

export interface Backup {
  readonly folder: string;
  readonly check: boolean;
  readonly consumers: boolean;
  readonly showProgress: boolean;
  /** Bytes; 0 for what is usual. */
  readonly chunkSize: number;
  readonly windowSize: number;
}

/** `nats account backup` goes on after this one. */
export const memoryRefusal = "memory streams do not support snapshots";
const timedOut = "backup timed out after receiving no data for a long period";

export const dataFile = "stream.tar.s2";
export const configFile = "backup.json";

const chunkDefault = 128 * 1024;
const idleMs = 5_000;

interface SnapshotReply {
  readonly config: StreamConfig;
  readonly state: { readonly bytes: number };
}

interface Received {
  readonly bytes: Uint8Array;
  readonly chunks: number;
}

/** Throws CommandError. */
export async function takeBackup(
  ctx: NatsContext,
  info: StreamInfo,
  backup: Backup,
): Promise<void> {
  const { name, storage } = info.config;
  await makeFolders(ctx, backup.folder);
  const place = (file: string): string => `${backup.folder}/${file}`;
  await ctx.process.writeFile(place(configFile), "");
  await ctx.process.writeFile(place(dataFile), "");
  if (storage === "memory") throw new CommandError(memoryRefusal);
  const inbox = createInbox(ctx.globals.inboxPrefix || undefined);
  const reply = await apiRequest<SnapshotReply>(ctx, `STREAM.SNAPSHOT.${name}`, {
    deliver_subject: inbox,
    ...(backup.consumers ? {} : { no_consumers: true }),
    chunk_size: backup.chunkSize || chunkDefault,
    ...(backup.windowSize > 0 ? { window_size: backup.windowSize } : {}),
    ...(backup.check ? { jsck: true } : {}),
  });
  const begun = ctx.process.storedNow();
  await announce(ctx, backup, name, reply.state.bytes);
  const { bytes, chunks } = await receive(ctx, inbox);
  await ctx.process.writeFile(place(dataFile), bytes);
  const config = goStruct({ ...reply.config }, streamConfigFields);
  await ctx.process.writeFile(place(configFile), goJsonIndented({ config, state: reply.state }));
  const took = goDuration(roundDuration(nanosBetween(begun, ctx.process.storedNow()), 1e6));
  if (backup.showProgress) await ctx.process.sleep(300);
  await printLine(ctx);
  const { plain } = decodeS2(bytes, false);
  const received = `Received ${binaryBytes(bytes.length)} compressed data in ${comma(chunks)} chunks`;
  const unpacked = `${binaryBytes(plain.length)} uncompressed `;
  await printLine(ctx, `${received} for stream ${JSON.stringify(name)} in ${took}, ${unpacked}`);
}

async function announce(
  ctx: NatsContext,
  { showProgress, check }: Backup,
  name: string,
  size: number,
): Promise<void> {
  const what = `Stream ${JSON.stringify(name)} with ${binaryBytes(size)}`;
  await printLine(ctx, `Starting backup of ${what}`);
  if (showProgress) await printLine(ctx);
  if (!check) return;
  const doubt = "this can take a long time without progress reports";
  await printLine(ctx, `Health Check was requested, ${doubt}\n`);
}

/** Acknowledges each chunk, until the empty message behind the last one. */
async function receive(ctx: NatsContext, inbox: string): Promise<Received> {
  const connection = await connect(ctx);
  const subscription = connection.subscribe(inbox);
  const patience = Math.max(idleMs, timeoutMs(ctx));
  const parts: Uint8Array[] = [];
  const messages = subscription[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([messages.next(), ctx.process.sleep(patience)]);
      if (next === undefined) throw new CommandError(timedOut);
      if (next.done === true || next.value.data.length === 0) {
        if (next.done !== true) checkStatus(next.value);
        return {
          bytes: parts.length === 0 ? emptyBytes : concatBytes(parts),
          chunks: parts.length,
        };
      }
      next.value.respond();
      parts.push(next.value.data);
    }
  } finally {
    subscription.unsubscribe();
  }
}

function checkStatus({ headers }: Msg): void {
  const code = headers?.code ?? 0;
  if (code === 0 || code === 204) return;
  throw new CommandError(`${code} ${headers?.description ?? ""}`);
}

/** A folder and those above it, as far as they are missing. */
async function makeFolders(ctx: NatsContext, path: string): Promise<void> {
  const parts = path.split("/");
  for (let i = 1; i <= parts.length; i++) {
    const folder = parts.slice(0, i).join("/");
    if (folder === "" || folder === "." || folder === "..") continue;
    if ((await ctx.process.stat(folder)) === null) await ctx.process.makeFolder(folder);
  }
}
