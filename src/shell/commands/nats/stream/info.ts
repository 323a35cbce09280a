// nats stream info, nats stream state.

import { natsCommand, printLine, readTags } from "../context.ts";
import { pickStream } from "./pick.ts";
import { showStream } from "./show.ts";

const flags = {
  json: { help: "Write JSON", type: "switch", short: "j" },
  "no-select": { help: "Offer no list of streams", type: "switch", default: "false" },
} as const;

const failure = "could not request Stream info";

export const streamInfo = natsCommand({
  path: "info",
  aliases: ["nfo", "i"],
  tags: readTags,
  help: "Show how a stream is configured and what it holds",
  args: { stream: { help: "The stream" } },
  flags: { ...flags, state: { help: "Show only what it holds", type: "switch" } },
  async run(ctx, input) {
    const force = input.flags["no-select"];
    const info = await pickStream(ctx, input.args.stream, { force, failure });
    await showStream(ctx, info, { json: input.flags.json, stateOnly: input.flags.state });
    await printLine(ctx);
    return 0;
  },
});

export const streamState = natsCommand({
  path: "state",
  tags: readTags,
  help: "Show what a stream holds",
  args: { stream: { help: "The stream" } },
  flags,
  async run(ctx, input) {
    const force = input.flags["no-select"];
    const info = await pickStream(ctx, input.args.stream, { force, failure });
    await showStream(ctx, info, { json: input.flags.json, stateOnly: true });
    await printLine(ctx);
    return 0;
  },
});
