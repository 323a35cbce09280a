import { expect, test } from "vitest";
import { createBench, runProgram } from "./driver.ts";

test("nats.js asks and answers over the world's network", async () => {
  const bench = createBench(async (ctx) => {
    const nc = await ctx.connect({ name: "asker" });
    nc.subscribe("echo", { callback: (_error, msg) => void msg.respond(msg.data) });
    const reply = await nc.request("echo", "hello", { timeout: 1000 });
    await ctx.write(`${reply.string()} after ${ctx.nowMs() - 1_767_225_600_000} ms\n`);
    await nc.close();
    return 0;
  });
  expect(await runProgram(bench)).toBe(0);
  expect(bench.written.join("")).toMatch(/^hello after \d+ ms\n$/);
});
