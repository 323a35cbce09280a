/** What is told about pauses beside what the core tells. */
import { compareStoredTime, parseStoredTime } from "../../../kernel/index.ts";
import { adviseConsumer } from "./consumer-advisories.ts";
import type { ConsumerPlace } from "./consumer-effects.ts";

/** Tells that a consumer is paused, if it is. */
export function advisePause({ server, io, asset, consumer }: ConsumerPlace): void {
  const { pause_until } = consumer.config;
  const until = pause_until === null ? null : parseStoredTime(pause_until);
  if (until === null || compareStoredTime(io.wall, until) >= 0) return;
  const of = { account: asset.account, stream: asset.name, consumer: consumer.name };
  adviseConsumer(server, io, of, { kind: "pause", paused: true, pause_until });
}
