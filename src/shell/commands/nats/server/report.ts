// nats server report: figures of servers.

import { natsGroup } from "../context.ts";
import { serverReportJetStream } from "./report-jetstream.ts";

export const serverReport = natsGroup({
  path: "report",
  aliases: ["rep"],
  help: "Figures of servers",
  flags: { reverse: { help: "Sort the other way round", type: "switch", short: "R" } },
  commands: [serverReportJetStream],
});
