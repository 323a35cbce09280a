// nats account backup and restore: all streams to files, and back.

import { load } from "../../../../clients/index.ts";
import { compareStrings } from "../../../../kernel/index.ts";
import { CommandError, messageOf } from "../../../grammar/errors.ts";
import { addRow, columns, renderColumns } from "../../../render/columns.ts";
import { binaryBytes } from "../../../render/numbers.ts";
import { apiPages } from "../api.ts";
import { streamNames } from "../choose.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, printLine, readTags, writeTags } from "../context.ts";
import { asCommandError, orFail } from "../failures.ts";
import { confirm } from "../prompts.ts";
import type { StreamInfo } from "../wire.ts";

const chunkSize = 128 * 1024;

export const accountBackup = natsCommand({
  path: "backup",
  aliases: ["snapshot"],
  tags: readTags,
  help: "Save all streams in a folder",
  args: { target: { help: "The folder to make", required: true } },
  flags: {
    check: { help: "Let the server check the streams first", type: "switch" },
    consumers: { help: "Save the consumers too", type: "bool", default: "true" },
    force: { help: "Do not ask", type: "switch", short: "f" },
    "critical-warnings": { help: "Fail when there is a warning", type: "switch", short: "w" },
  },
  async run(ctx, { args, flags }) {
    await orFail("setup failed", connect(ctx));
    const streams = await allStreams(ctx);
    if (streams.length === 0) throw new CommandError("no streams found");
    await announce(ctx, args.target, streams);
    if (!flags.force && !(await confirm(ctx, "Perform backup", false))) return 0;
    const { check, consumers } = flags;
    const told = await backupAll(ctx, streams, { folder: args.target, check, consumers });
    await printList(ctx, "Backup Warnings: ", told.warnings);
    await printList(ctx, "Backup failures: ", told.failures);
    const isCritical = flags["critical-warnings"] && told.warnings.length > 0;
    if (told.failures.length > 0 || isCritical) throw new CommandError("backup failed");
    return 0;
  },
});

export const accountRestore = natsCommand({
  path: "restore",
  tags: writeTags,
  help: "Bring all saved streams back",
  args: { directory: { help: "The folder that holds them", type: "directory", required: true } },
  flags: {
    cluster: { help: "Put them in this cluster", type: "string" },
    tag: { help: "Put them on servers with this tag, repeatable", type: "strings" },
  },
  async run(ctx, { args, flags }) {
    const { directory } = args;
    await orFail("setup failed", connect(ctx));
    const folders = await savedStreams(ctx, directory);
    const where = JSON.stringify(directory);
    const what = `backup of all ${folders.length} streams in directory ${where}`;
    await printLine(ctx, `Restoring ${what}\n`);
    const { bringBack } = await load(() => import("../stream/backup-restore.ts"));
    const top = directory.replace(/^\.\//, "").replace(/\/$/, "");
    for (const name of folders) {
      const { cluster, tag } = flags;
      const rest = { progress: false, config: "", cluster, tag, replicas: 0 };
      await bringBack(ctx, { folder: `${top}/${name}`, ...rest });
    }
    return 0;
  },
});

interface StreamsPage {
  readonly streams: readonly StreamInfo[] | null;
  readonly total: number;
  readonly limit: number;
}

async function allStreams(ctx: NatsContext): Promise<StreamInfo[]> {
  const pages = await apiPages<StreamsPage>(ctx, "STREAM.LIST", {});
  const streams = pages.flatMap((page) => page.streams ?? []);
  return streams.sort((a, b) => compareStrings(a.config.name, b.config.name));
}

async function announce(
  ctx: NatsContext,
  folder: string,
  streams: readonly StreamInfo[],
): Promise<void> {
  const bytes = streams.reduce((sum, { state }) => sum + state.bytes, 0);
  const consumers = streams.reduce((sum, { state }) => sum + state.consumer_count, 0);
  const to = columns(`Performing backup of all streams to ${folder}`);
  addRow(to, "Streams", String(streams.length));
  addRow(to, "Size", binaryBytes(bytes));
  addRow(to, "Consumers", String(consumers));
  await ctx.process.write(`${renderColumns(to)}\n`);
}

interface BackupAll {
  readonly folder: string;
  readonly check: boolean;
  readonly consumers: boolean;
}

interface Told {
  readonly warnings: string[];
  readonly failures: string[];
}

async function backupAll(
  ctx: NatsContext,
  streams: readonly StreamInfo[],
  { folder, check, consumers }: BackupAll,
): Promise<Told> {
  const { memoryRefusal, takeBackup } = await load(() => import("../stream/backup-take.ts"));
  const told: Told = { warnings: [], failures: [] };
  for (const info of streams) {
    const { name } = info.config;
    const sizes = { showProgress: false, chunkSize, windowSize: 0 };
    try {
      await takeBackup(ctx, info, { folder: `${folder}/${name}`, check, consumers, ...sizes });
    } catch (error) {
      const text = messageOf(asCommandError(error));
      const list = text === memoryRefusal ? told.warnings : told.failures;
      list.push(`${name}: ${text}`);
      await printLine(ctx, `Backup of ${name} failed: ${text}`);
    }
    await printLine(ctx);
  }
  return told;
}

async function printList(ctx: NatsContext, title: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await printLine(ctx, title);
  for (const line of lines) await printLine(ctx, `  ${line}`);
  await printLine(ctx);
}

/** The folders of saved streams, none of which is there already. Throws CommandError. */
async function savedStreams(ctx: NatsContext, directory: string): Promise<string[]> {
  const present = await streamNames(ctx);
  const names: string[] = [];
  for (const { path, folder } of await ctx.process.listFiles(directory)) {
    const name = path.split("/").at(-1) ?? "";
    const quoted = JSON.stringify(name);
    if (!folder) throw new CommandError(`expected a directory ${quoted}`);
    if (present.includes(name)) throw new CommandError(`stream ${quoted} exists already`);
    if ((await ctx.process.stat(`${path}/backup.json`)) === null) {
      const reason = `stat ${path}/backup.json: no such file or directory`;
      throw new CommandError(`expected backup.json: ${reason}`);
    }
    names.push(name);
  }
  return names;
}
