/** A program that asks its realm for everything: requests, timeouts, ids, time and chance. */
import type { Program } from "../../src/clients/index.ts";
import { worldHash } from "../../src/world/index.ts";
import { type Bench, createBench, runProgram } from "./driver.ts";

export const busy: Program = async (ctx) => {
  const nc = await ctx.connect({ name: `asker-${ctx.pid}` });
  nc.subscribe("echo", { callback: (_error, msg) => void msg.respond(msg.data) });
  for (let i = 0; i < 20; i++) {
    const text = `${Math.random()} ${Date.now()} ${new Date().toISOString()} ${performance.now()}`;
    const reply = await nc.request("echo", text, { timeout: 1000 });
    await ctx.write(`${reply.string()} ${reply.subject}\n`);
    await ctx.sleep(Math.random() * 50);
  }
  const silence = await nc.request("nobody", "", { timeout: 100 }).catch((error) => error.message);
  await ctx.write(`${silence}\n`);
  await nc.close();
  return 0;
};

export async function runBusy(seed: number): Promise<Bench> {
  const bench = createBench(busy, { seed, options: { checking: true } });
  const exit = await runProgram(bench);
  if (exit !== 0) throw new Error(`exit ${exit}: ${bench.written.join("")}`);
  return bench;
}

/** What two runs of one seed must agree on. */
export async function busyDigest(seed: number): Promise<string> {
  const { world, written } = await runBusy(seed);
  return `${worldHash(world)} ${world.kernel.eventsRun} ${written.join("")}`;
}
