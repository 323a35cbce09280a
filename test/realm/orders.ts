/** Programs that set the stage for tests about messages: a stream, a consumer, some publishes. */
import {
  AckPolicy,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  StorageType,
} from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import type { Program } from "../../src/clients/index.ts";
import { type Bench, type BenchOptions, createBench, runProgram } from "./driver.ts";

export interface Stage {
  readonly messages?: number;
  readonly storage?: StorageType;
  readonly ackWaitMs?: number;
}

/**
 * Creates stream ORDERS on `orders.>` with pull consumer W, and publishes. The lines `purge` (all
 * but the last message) and `delete` (the stream) undo some of it.
 */
export function ordersProgram(stage: Stage = {}): Program {
  return async (ctx) => {
    const nc = await ctx.connect({ name: "stage" });
    const jsm = await jetstreamManager(nc);
    const [, , line] = ctx.argv;
    if (line === "purge") await jsm.streams.purge("ORDERS", { keep: 1 });
    else if (line === "delete") await jsm.streams.delete("ORDERS");
    else await setUp(nc, jsm, stage);
    await nc.close();
    return 0;
  };
}

async function setUp(nc: NatsConnection, jsm: JetStreamManager, stage: Stage): Promise<void> {
  const storage = stage.storage ?? StorageType.File;
  await jsm.streams.add({ name: "ORDERS", subjects: ["orders.>"], storage });
  const ack_wait = (stage.ackWaitMs ?? 30_000) * 1_000_000;
  await jsm.consumers.add("ORDERS", {
    durable_name: "W",
    ack_policy: AckPolicy.Explicit,
    ack_wait,
  });
  const js = jetstream(nc);
  for (let i = 1; i <= (stage.messages ?? 0); i++) await js.publish("orders.new", `order ${i}`);
}

export async function stageOrders(stage: Stage = {}, options: BenchOptions = {}): Promise<Bench> {
  const bench = createBench(ordersProgram(stage), options);
  const exit = await runProgram(bench);
  if (exit !== 0) throw new Error(`the stage was not set: ${bench.written.join("")}`);
  return bench;
}
