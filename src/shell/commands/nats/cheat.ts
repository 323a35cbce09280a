// nats cheat: short examples by topic.

import { cheats } from "./cheats.ts";
import { natsCommand, printLine } from "./context.ts";
import { words } from "./words.ts";

export const cheat = natsCommand({
  ...words.cheat,
  args: { label: { help: "The topic" } },
  flags: {
    list: { help: "List the topics", type: "switch" },
    save: {
      help: "Write the examples to files of this folder",
      type: "string",
      placeholder: "DIRECTORY",
    },
  },
  async run(ctx, { args, flags }) {
    const text = cheats[args.label ?? ""];
    if (flags.save !== "") {
      await ctx.process.makeFolder(flags.save);
      for (const [label, body] of Object.entries(cheats)) {
        const path = `${flags.save}/${label}`;
        await ctx.process.writeFile(path, `---\ntags: [nats]\n---\n\n${body}\n`);
        await printLine(ctx, `Saved cheat to ${path}`);
      }
    } else if (text === undefined || flags.list) {
      const labels = Object.keys(cheats).map((label) => `    ${label}\n`);
      await ctx.process.write(`Available Cheats:\n\n${labels.join("")}`);
    } else await printLine(ctx, text);
    return 0;
  },
});
