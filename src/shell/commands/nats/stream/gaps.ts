// nats stream gaps: which messages of a stream are missing in its middle.

import { goJsonIndented } from "../../../render/json.ts";
import { binaryBytes, comma } from "../../../render/numbers.ts";
import { renderTable } from "../../../render/table.ts";
import { apiRequest } from "../api.ts";
import { natsCommand, printLine, readTags, tableWidth } from "../context.ts";
import { isConfirmed } from "../prompts.ts";
import type { StreamInfo } from "../wire.ts";
import { pickStream } from "./pick.ts";

const warning =
  "WARNING: Detecting gaps in a stream consumes the entire stream and can be resource intensive " +
  "on the Server, Client and Network.\n";

export const streamGaps = natsCommand({
  path: "gaps",
  tags: readTags,
  help: "Show which messages are missing in the middle of a stream",
  args: { stream: { help: "The stream" } },
  flags: {
    force: { help: "Do not ask", type: "switch", short: "f" },
    progress: { help: "Show how far it is", type: "bool", default: "true" },
    json: { help: "Write JSON", type: "switch" },
  },
  async run(ctx, { args, flags }) {
    const info = await pickStream(ctx, args.stream, { force: flags.force });
    const { name } = info.config;
    const { messages, bytes, num_deleted: deleted } = info.state;
    if (!deleted) {
      if (flags.json) await printLine(ctx, "{}");
      await printLine(ctx, `No deleted messages in ${name}`);
      return 0;
    }
    if (!flags.force) {
      await printLine(ctx, warning);
      const size = `${comma(messages)} messages and ${binaryBytes(bytes)} bytes`;
      const question = `Really detect gaps in stream ${name} with ${size}`;
      const isSure = await isConfirmed(ctx, question);
      if (!isSure) return 0;
    }
    // The server knows; natscli reads the whole stream to find out.
    const request = { deleted_details: true };
    const detailed = await apiRequest<StreamInfo>(ctx, `STREAM.INFO.${name}`, request);
    const gaps = runsOf(detailed.state.deleted ?? []);
    if (flags.json) {
      await printLine(ctx, goJsonIndented(gaps.length > 0 ? gaps : null));
      return 0;
    }
    const count = gaps.length === 1 ? "1 gap" : `${comma(gaps.length)} gaps`;
    const rows = gaps.map(([first, last]) => [comma(first), comma(last)]);
    const headers = ["First Message", "Last Message"];
    const title = `${count} found in Stream ${name}`;
    await printLine(ctx, renderTable({ title, headers, rows }, tableWidth(ctx)));
    return 0;
  },
});

/** Ascending numbers as runs of neighbours. */
function runsOf(numbers: readonly number[]): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run && run[1] + 1 === number) run[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}
