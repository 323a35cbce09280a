// nats consumer rm.

import { CommandError } from "../../../grammar/errors.ts";
import { apiRequest } from "../api.ts";
import { connect } from "../connection.ts";
import { natsCommand, printLine, writeTags } from "../context.ts";
import { deadlineExceeded, orFail } from "../failures.ts";
import { isConfirmed } from "../prompts.ts";
import { pickConsumer } from "./pick.ts";

export const consumerRemove = natsCommand({
  path: "rm",
  aliases: ["delete", "del"],
  tags: writeTags,
  help: "Delete a consumer",
  args: { stream: { help: "The stream" }, consumer: { help: "The consumer" } },
  flags: { force: { help: "Do not ask", type: "switch", short: "f" } },
  async run(ctx, { args, flags }) {
    if (!flags.force) {
      const info = await pickConsumer(ctx, { stream: args.stream, consumer: args.consumer });
      const question = `Really delete Consumer ${info.stream_name} > ${info.name}`;
      const isSure = await isConfirmed(ctx, question);
      if (isSure) await apiRequest(ctx, `CONSUMER.DELETE.${info.stream_name}.${info.name}`);
      return 0;
    }
    if (!args.stream || !args.consumer) {
      throw new CommandError("--force requires a stream and consumer name");
    }
    await orFail("setup failed", connect(ctx));
    try {
      await apiRequest(ctx, `CONSUMER.DELETE.${args.stream}.${args.consumer}`);
    } catch (error) {
      if (error instanceof CommandError && error.message === deadlineExceeded) {
        const doubt = "the stream or consumer might not exist or be in an unmanageable state";
        await printLine(ctx, `Delete failed due to timeout, ${doubt}`);
      }
      throw error;
    }
    return 0;
  },
});
