// nats rtt: how long a PING takes to come back.

import { formatStoredTime } from "../../../../kernel/index.ts";
import { messageOf } from "../../../grammar/errors.ts";
import { humanDuration } from "../../../render/durations.ts";
import { goJsonIndented } from "../../../render/json.ts";
import { nanosBetween } from "../../../render/times.ts";
import { connectTo, serverUrls } from "../connection.ts";
import { logLine, type NatsContext, natsCommand, printLine, writeTags } from "../context.ts";
import { asCommandError } from "../failures.ts";
import { words } from "../words.ts";

interface Result {
  readonly time: string;
  readonly address: string;
  readonly rtt: number;
  readonly url: string;
}

export const rtt = natsCommand({
  ...words.rtt,
  tags: writeTags,
  args: { iterations: { help: "How many round trips to take", type: "int", default: "5" } },
  flags: { json: { help: "Write JSON", type: "switch", short: "j" } },
  async run(ctx, { args, flags }) {
    const targets: { url: string; results: Result[] }[] = [];
    for (const url of serverUrls(ctx)) {
      const full = url.includes("://") ? url : `nats://${url}`;
      targets.push({ url: full, results: [await measure(ctx, full, args.iterations)] });
    }
    if (flags.json) {
      await printLine(ctx, goJsonIndented(targets));
      return 0;
    }
    const width = 3 + Math.max(...targets.flatMap((t) => t.results.map((r) => r.address.length)));
    for (const target of targets) {
      await printLine(ctx, `${target.url}:\n`);
      for (const result of target.results) {
        const value = result.rtt > 0 ? humanDuration(result.rtt) : "failed";
        await printLine(ctx, `${result.address.padStart(width)}: ${value}`);
      }
      await printLine(ctx);
    }
    return 0;
  },
});

function addressOf(url: string): string {
  const match = /^(\w+):\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/]+)(?::(\d+))?/.exec(url);
  return `${match?.[1]}://${match?.[2]}:${match?.[3] ?? "4222"}`;
}

async function measure(ctx: NatsContext, url: string, iterations: number): Promise<Result> {
  const address = addressOf(url);
  const time = formatStoredTime(ctx.process.storedNow());
  try {
    const connection = await connectTo(ctx, [address]);
    // natscli lets the connection settle for 25 ms before it measures.
    await ctx.process.sleep(25);
    let sum = 0;
    for (let i = 0; i < iterations; i += 1) {
      const began = ctx.process.storedNow();
      await connection.flush();
      sum += nanosBetween(began, ctx.process.storedNow());
    }
    await connection.close();
    return { time, address, rtt: Math.floor(sum / iterations), url: address };
  } catch (error) {
    const failure = asCommandError(error);
    await logLine(ctx, `Failed to compute rtt for ${address}: ${messageOf(failure)}`);
    return { time, address, rtt: 0, url: "" };
  }
}
