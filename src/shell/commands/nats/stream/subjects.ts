// nats stream subjects: what a stream holds, subject by subject.

import { compareStrings } from "../../../../kernel/index.ts";
import { goJsonIndented } from "../../../render/json.ts";
import { comma } from "../../../render/numbers.ts";
import { renderTable } from "../../../render/table.ts";
import { apiPages } from "../api.ts";
import { type NatsContext, natsCommand, printLine, readTags, tableWidth } from "../context.ts";
import type { StreamInfo } from "../wire.ts";
import { inColumns } from "./listing.ts";
import { pickStream } from "./pick.ts";

interface Page extends StreamInfo {
  readonly total: number;
  readonly limit: number;
}

export const streamSubjects = natsCommand({
  path: "subjects",
  aliases: ["subj"],
  tags: readTags,
  help: "List the subjects that a stream holds",
  args: {
    stream: { help: "The stream" },
    filter: { help: "Only subjects that match", default: ">" },
  },
  flags: {
    json: { help: "Write JSON", type: "switch", short: "j" },
    sort: {
      help: "Sort by name or by messages",
      type: "enum",
      default: "messages",
      values: ["name", "subjects", "messages", "count"],
    },
    reverse: { help: "Sort the other way", type: "switch", short: "R" },
    names: { help: "Write only the names", type: "bool" },
  },
  async run(ctx, { args, flags }) {
    const info = await pickStream(ctx, args.stream);
    const { name } = info.config;
    const filter = args.filter;
    const pages = await apiPages<Page>(ctx, `STREAM.INFO.${name}`, { subjects_filter: filter });
    const counts = new Map(pages.flatMap((page) => Object.entries(page.state.subjects ?? {})));
    if (flags.json) {
      const entries = [...counts].sort(([a], [b]) => compareStrings(a, b));
      await printLine(ctx, goJsonIndented(Object.fromEntries(entries)));
      return 0;
    }
    if (!args.stream) await printLine(ctx);
    if (counts.size === 0) {
      await printLine(ctx, `No subjects found matching ${filter}`);
      return 0;
    }
    const byName = flags.sort === "name" || flags.sort === "subjects";
    const direction = flags.reverse ? -1 : 1;
    // Equal counts stand in random order in the recorded command line; here by name.
    const sorted = [...counts]
      .sort(([a], [b]) => compareStrings(a, b))
      .sort((a, b) => direction * (byName ? compareStrings(a[0], b[0]) : a[1] - b[1]));
    if (flags.names) for (const [subject] of sorted) await printLine(ctx, subject);
    else await printLine(ctx, subjectTable(ctx, name, sorted));
    return 0;
  },
});

function subjectTable(
  ctx: NatsContext,
  stream: string,
  counts: readonly (readonly [string, number])[],
): string {
  const longest = Math.max(...counts.map(([subject]) => subject.length));
  const width = longest + comma(Math.max(...counts.map(([, count]) => count))).length;
  const columns = width < 20 ? 3 : width < 30 ? 2 : 1;
  const byName = new Map(counts);
  const rows = inColumns(
    counts.map(([subject]) => subject),
    columns,
  ).map((names) =>
    names.flatMap((subject) => {
      const count = byName.get(subject) ?? 0;
      return [subject, count === 0 ? "" : comma(count)];
    }),
  );
  const headers = Array.from({ length: columns }, () => ["Subject", "Count"]).flat();
  const title = `${counts.length} Subjects in stream ${stream}`;
  return renderTable({ title, headers, rows }, tableWidth(ctx));
}
