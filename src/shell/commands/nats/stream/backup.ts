// nats stream backup and restore: a stream to files, and back.

import { load } from "../../../../clients/index.ts";
import { loadStream } from "../choose.ts";
import { connect } from "../connection.ts";
import { natsCommand, readTags, writeTags } from "../context.ts";
import { orFail } from "../failures.ts";
import { parseBytes } from "../sizes.ts";

const progress = { help: "Show how far it is", type: "bool", default: "true" } as const;

export const streamBackup = natsCommand({
  path: "backup",
  aliases: ["snapshot"],
  tags: readTags,
  help: "Save a stream with its messages and consumers in a folder",
  args: {
    stream: { help: "The stream", required: true },
    target: { help: "The folder to make", required: true },
  },
  flags: {
    progress,
    check: { help: "Let the server check the stream first", type: "switch" },
    consumers: { help: "Save the consumers too", type: "bool", default: "true" },
    "chunk-size": { help: "How big the pieces are that the server sends", type: "string" },
    "window-size": { help: "How much may be on its way at a time", type: "string" },
  },
  async run(ctx, { args, flags }) {
    await orFail("setup failed", connect(ctx));
    const info = await loadStream(ctx, args.stream);
    const chunkSize = sizeOf(flags["chunk-size"]);
    const windowSize = sizeOf(flags["window-size"]);
    const { takeBackup } = await load(() => import("./backup-take.ts"));
    const { check, consumers, progress: showProgress } = flags;
    const wanted = { folder: args.target, check, consumers, showProgress, chunkSize, windowSize };
    await orFail("snapshot failed", takeBackup(ctx, info, wanted));
    return 0;
  },
});

function sizeOf(text: string): number {
  return text === "" ? 0 : parseBytes(text, 32);
}

export const streamRestore = natsCommand({
  path: "restore",
  tags: writeTags,
  help: "Bring a saved stream back",
  args: { file: { help: "The folder that holds it", type: "directory", required: true } },
  flags: {
    progress,
    config: { help: "Give it the configuration in this JSON file", type: "file" },
    cluster: { help: "Put it in this cluster", type: "string" },
    tag: { help: "Put it on servers with this tag, repeatable", type: "strings" },
    replicas: { help: "How many servers keep it", type: "int64" },
  },
  async run(ctx, { args, flags }) {
    const { bringBack } = await load(() => import("./backup-restore.ts"));
    await bringBack(ctx, { folder: args.file, ...flags });
    return 0;
  },
});
