// nats subscribe --report-subjects: a table of what each subject carries, drawn every second.

import { compareStrings } from "../../../../kernel/index.ts";
import { binaryBytes, comma } from "../../../render/numbers.ts";
import { renderTable } from "../../../render/table.ts";
import { type NatsContext, tableWidth } from "../context.ts";

export interface Report {
  readonly top: number;
  readonly counts: Map<string, { messages: number; bytes: number }>;
  add(subject: string, bytes: number): void;
}

/** A report when the flags ask for one. */
export function startReport(flags: {
  readonly "report-subjects": boolean;
  readonly "report-subscriptions": boolean;
  readonly "report-top": number;
}): Report | null {
  if (!flags["report-subjects"] && !flags["report-subscriptions"]) return null;
  const counts: Report["counts"] = new Map();
  return {
    top: flags["report-top"],
    counts,
    add(subject, bytes) {
      const entry = counts.get(subject) ?? { messages: 0, bytes: 0 };
      counts.set(subject, { messages: entry.messages + 1, bytes: entry.bytes + bytes });
    },
  };
}

/** Never settles: the process ends, or what it reports on does. */
export async function reportEverySecond(ctx: NatsContext, report: Report): Promise<never> {
  for (;;) {
    await ctx.process.sleep(1000);
    await ctx.process.write(`\u001b[2J\u001b[H${reportTable(report, tableWidth(ctx))}\n`);
  }
}

function reportTable({ top, counts }: Report, width: number | null): string {
  const sorted = [...counts]
    .sort(([a, x], [b, y]) => y.messages - x.messages || compareStrings(a, b))
    .slice(0, top);
  const rows = sorted.map(([subject, { messages, bytes }]) => {
    return [subject, comma(messages), binaryBytes(bytes)];
  });
  const sum = (pick: "messages" | "bytes") => sorted.reduce((n, [, entry]) => n + entry[pick], 0);
  const title = top === 1 ? "Top Subject Report" : `Top ${top} Active Subjects Report`;
  const headers = ["Subject", "Message Count", "Bytes"];
  const footer = ["Totals", comma(sum("messages")), binaryBytes(sum("bytes"))];
  return renderTable({ title, headers, rows, footer }, width);
}
