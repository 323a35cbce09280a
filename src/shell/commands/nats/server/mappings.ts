// nats server mappings: what a subject mapping makes of a subject.

import { applyTransform, compileTransform, TransformError } from "../../../../protocol/index.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { type NatsContext, natsCommand, printLine } from "../context.ts";
import { ask } from "../prompts.ts";

export const serverMappings = natsCommand({
  path: "mappings",
  aliases: ["mapping"],
  help: "Try a subject mapping",
  args: {
    source: { help: "Pattern of the subjects to map" },
    dest: { help: "What they are mapped to" },
    subject: { help: "A subject to map" },
  },
  async run(ctx, { args }) {
    const source = args.source || (await askFor(ctx, "Source subject pattern"));
    const dest = args.dest || (await askFor(ctx, "Destination subject pattern"));
    const transform = compile(source, dest);
    if (args.subject) {
      await showMapped(ctx, transform, args.subject);
      return 0;
    }
    await printLine(ctx, "Enter subjects to test, empty subject terminates.\n");
    await printLine(ctx, "NOTE: This only tests mappings, it does not add them to the server\n");
    for (;;) {
      const subject = await ask(ctx, { message: "Subject", hasHelp: true });
      if (subject === "") return 0;
      await showMapped(ctx, transform, subject);
    }
  },
});

type Compiled = ReturnType<typeof compileTransform>;

function askFor(ctx: NatsContext, message: string): Promise<string> {
  return ask(ctx, { message, required: true, hasHelp: true });
}

function compile(source: string, dest: string): Compiled {
  try {
    return compileTransform(source, dest);
  } catch (error) {
    if (error instanceof TransformError) throw new CommandError(error.message);
    throw error;
  }
}

async function showMapped(ctx: NatsContext, transform: Compiled, subject: string): Promise<void> {
  const below = (n: number) => Math.floor(ctx.process.random() * n);
  const mapped = transform ? applyTransform(transform, subject, below) : null;
  if (mapped === null) await printLine(ctx, "Error: no matching transforms available");
  await printLine(ctx, `${mapped ?? ""}\n`);
}
