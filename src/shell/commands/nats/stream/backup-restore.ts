// Sends a saved stream back to the server. Source: jsm.go v0.4.1 `RestoreSnapshotFromDirectory`,
// natscli v0.4.0 `restoreAction`.

import { CommandError, messageOf } from "../../../grammar/errors.ts";
import { goDuration, roundDuration } from "../../../render/durations.ts";
import { nanosBetween } from "../../../render/times.ts";
import { apiRequest, parseReply } from "../api.ts";
import { isValidName, loadStream, streamNames } from "../choose.ts";
import { connect } from "../connection.ts";
import { logLine, type NatsContext, printLine, timeoutMs } from "../context.ts";
import { asCommandError, orFail } from "../failures.ts";
import type { StreamConfig } from "../wire.ts";
import { configFile, dataFile, memoryRefusal } from "./backup-take.ts";
import { readStreamConfig } from "./file.ts";
import { showStream } from "./show.ts";

export interface Restore {
  readonly folder: string;
  readonly progress: boolean;
  /** A file with another configuration; "" for the saved one. */
  readonly config: string;
  readonly cluster: string;
  readonly tag: readonly string[];
  readonly replicas: number;
}

const chunkSize = 64 * 1024;
/** The answer to the last message may take as long as the server needs. */
const finalMs = 3_600_000;

interface Saved {
  readonly config: StreamConfig;
  readonly state: unknown;
}

/** Throws CommandError. */
export async function bringBack(ctx: NatsContext, restore: Restore): Promise<void> {
  await orFail("setup failed", connect(ctx));
  const saved = await orFail("restore failed", readSaved(ctx, restore.folder));
  const { name } = saved.config;
  const names = await orFail("Could not check if the stream already exist", streamNames(ctx));
  const quoted = JSON.stringify(name);
  if (names.includes(name)) throw new CommandError(`Stream ${quoted} already exist`);
  const config = await wantedConfig(ctx, saved.config, restore);
  const from = JSON.stringify(restore.folder);
  await printLine(ctx, `Starting restore of Stream ${quoted} from file ${from}\n`);
  const begun = ctx.process.storedNow();
  await orFail("restore failed", send(ctx, { ...saved, config }, restore));
  const took = goDuration(roundDuration(nanosBetween(begun, ctx.process.storedNow()), 1e9));
  if (restore.progress) await ctx.process.sleep(300);
  await printLine(ctx, `\nRestored stream ${quoted} in ${took}\n`);
  const info = await orFail("could not request Stream info", loadStream(ctx, name));
  await showStream(ctx, info, { json: false, stateOnly: false, heading: "" });
}

async function readSaved(ctx: NatsContext, folder: string): Promise<Saved> {
  const text = new TextDecoder().decode(await ctx.process.readFile(`${folder}/${configFile}`));
  if (text === "") throw new CommandError("unexpected end of JSON input");
  try {
    return JSON.parse(text) as Saved;
  } catch (error) {
    throw new CommandError(messageOf(asCommandError(error)));
  }
}

async function wantedConfig(
  ctx: NatsContext,
  saved: StreamConfig,
  { config: path, cluster, tag, replicas }: Restore,
): Promise<StreamConfig> {
  const config = path === "" ? saved : await readStreamConfig(ctx, path);
  if (config.name !== saved.name) {
    throw new CommandError("stream names may not be changed during restore");
  }
  const placement = {
    ...(cluster === "" ? {} : { cluster }),
    ...(tag.length === 0 ? {} : { tags: tag }),
  };
  return {
    ...config,
    ...(cluster === "" && tag.length === 0 ? {} : { placement }),
    ...(replicas > 0 ? { num_replicas: replicas } : {}),
  };
}

async function send(ctx: NatsContext, saved: Saved, { folder, progress }: Restore): Promise<void> {
  const { name, storage } = saved.config;
  if (!isValidName(name)) throw new CommandError(`invalid stream name ${JSON.stringify(name)}`);
  if (storage === "memory") throw new CommandError(memoryRefusal);
  const data = await ctx.process.readFile(`${folder}/${dataFile}`);
  const connection = await connect(ctx);
  const reply = await apiRequest<{ deliver_subject: string }>(ctx, `STREAM.RESTORE.${name}`, saved);
  const chunks = 1 + Math.floor(data.length / chunkSize);
  const source = `${folder.replace(/^\.\//, "")}/${dataFile}`;
  const say = async (text: string): Promise<void> => {
    if (!progress) await logLine(ctx, text);
  };
  await say(`Starting restore of ${JSON.stringify(name)} from ${source} using ${chunks} chunks`);
  const every = chunks >= 20 ? Math.ceil(chunks / 20) : 1;
  let sent = 0;
  for (let at = 0; at < data.length; at += chunkSize) {
    const piece = data.subarray(at, at + chunkSize);
    const timeout = timeoutMs(ctx);
    const answer = await connection.request(reply.deliver_subject, piece, { timeout });
    if (answer.data.length > 0) {
      throw new CommandError(`restore failed: ${JSON.stringify(answer.string())}`);
    }
    if (sent > 0 && sent % every === 0) await say(`Sent ${sent} chunks`);
    sent += 1;
  }
  const rest = "server will now restore the snapshot, this might take a long time";
  await say(`Sent ${sent} chunks, ${rest}`);
  const final = await connection.request(reply.deliver_subject, "", { timeout: finalMs });
  parseReply(final.string());
}
