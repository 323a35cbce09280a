// nats consumer info, nats consumer state.

import { natsCommand, readTags } from "../context.ts";
import { pickConsumer } from "./pick.ts";
import { showConsumer } from "./show.ts";

const args = { stream: { help: "The stream" }, consumer: { help: "The consumer" } } as const;

const flags = {
  json: { help: "Write JSON", type: "switch", short: "j" },
  "no-select": { help: "Offer no list to pick from", type: "switch", default: "false" },
} as const;

export const consumerInfo = natsCommand({
  path: "info",
  aliases: ["nfo"],
  tags: readTags,
  help: "Show how a consumer is configured and how far it is",
  args,
  flags,
  async run(ctx, input) {
    const info = await pickConsumer(ctx, { ...pair(input.args), force: input.flags["no-select"] });
    await showConsumer(ctx, info, { json: input.flags.json, stateOnly: false });
    return 0;
  },
});

export const consumerState = natsCommand({
  path: "state",
  tags: readTags,
  help: "Show how far a consumer is",
  args,
  flags,
  async run(ctx, input) {
    const info = await pickConsumer(ctx, { ...pair(input.args), force: input.flags["no-select"] });
    await showConsumer(ctx, info, { json: input.flags.json, stateOnly: true });
    return 0;
  },
});

function pair(input: {
  readonly stream: string | undefined;
  readonly consumer: string | undefined;
}) {
  return { stream: input.stream, consumer: input.consumer };
}
