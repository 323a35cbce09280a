// nats stream ls: all streams in a table.

import { humanDuration } from "../../../render/durations.ts";
import { goJsonIndented } from "../../../render/json.ts";
import { binaryBytes, comma } from "../../../render/numbers.ts";
import { renderTable } from "../../../render/table.ts";
import { dateTimeText, nanosBetween, timeOf } from "../../../render/times.ts";
import { isInternalStream, streamNames } from "../choose.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, printLine, readTags, tableWidth } from "../context.ts";
import { orFail } from "../failures.ts";
import type { StreamInfo } from "../wire.ts";
import { listStreams, type StreamListing, writeMissing } from "./listing.ts";

export const streamList = natsCommand({
  path: "ls",
  aliases: ["list", "l"],
  tags: readTags,
  help: "List streams",
  flags: {
    subject: { help: "Only streams that store this subject", type: "string" },
    names: { help: "Write only the names", type: "switch", short: "n" },
    json: { help: "Write JSON", type: "switch", short: "j" },
  },
  async run(ctx, { flags }) {
    await orFail("setup failed", connect(ctx));
    if (flags.names) return writeNames(ctx, await streamNames(ctx, flags.subject), flags.json);
    const listing = await orFail("could not list streams", listStreams(ctx, flags.subject));
    const showsAll = ctx.globals.showAll;
    const shown = listing.streams.filter((s) => showsAll || !isInternalStream(s.config.name));
    if (flags.json) {
      const names = shown.map((s) => s.config.name);
      await printLine(ctx, goJsonIndented(names.length > 0 ? names : null));
      return 0;
    }
    const nothing = shown.length + listing.missing.length + listing.offline.length === 0;
    if (nothing) {
      const isHidden = shown.length < listing.streams.length;
      const hint = isHidden ? ", pass -a to include system streams" : "";
      await printLine(ctx, `No Streams defined${hint}`);
      return 0;
    }
    await writeTable(ctx, { ...listing, streams: shown }, flags.subject);
    return 0;
  },
});

async function writeNames(
  ctx: NatsContext,
  names: readonly string[],
  json: boolean,
): Promise<number> {
  if (json) await printLine(ctx, goJsonIndented(names.length > 0 ? names : null));
  else for (const name of names) await printLine(ctx, name);
  return 0;
}

async function writeTable(
  ctx: NatsContext,
  listing: StreamListing,
  subject: string,
): Promise<void> {
  await printLine(ctx, streamTable(ctx, listing.streams, subject));
  await writeMissing(ctx, listing, "Streams");
  await printLine(ctx);
}

/** Streams by size, smallest first, as `ls` and `find` show them. */
export function streamTable(
  ctx: NatsContext,
  streams: readonly StreamInfo[],
  subject: string,
): string {
  const sorted = [...streams].sort((a, b) => a.state.bytes - b.state.bytes);
  const now = ctx.process.storedNow();
  const rows = sorted.map(({ config, created, state, ts }) => [
    config.name,
    config.description ?? "",
    dateTimeText(timeOf(created)),
    comma(state.messages),
    binaryBytes(state.bytes),
    humanDuration(nanosBetween(timeOf(state.last_ts), ts ? timeOf(ts) : now)),
  ]);
  const headers = ["Name", "Description", "Created", "Messages", "Size", "Last Message"];
  const title = subject === "" ? "Streams" : `Streams matching ${subject}`;
  return renderTable({ title, headers, rows }, tableWidth(ctx));
}
