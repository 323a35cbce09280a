// nats consumer cluster: who leads a consumer.
// Source: natscli v0.4.0 `consumerCmd.leaderStandDownAction`.

import { CommandError, messageOf } from "../../../grammar/errors.ts";
import { loadConsumer } from "../choose.ts";
import {
  logLine,
  type NatsContext,
  natsCommand,
  natsGroup,
  printLine,
  writeTags,
} from "../context.ts";
import { requestStepDown, stepDownFlags } from "../server/step-down.ts";
import type { ConsumerInfo } from "../wire.ts";
import { pickConsumer } from "./pick.ts";
import { showConsumer } from "./show.ts";

/** natscli looks once, so long after the request. */
const beforeLookMs = 500;

const stepDown = natsCommand({
  path: "step-down",
  aliases: ["elect", "down", "d"],
  tags: writeTags,
  help: "Let another server lead a consumer",
  args: { stream: { help: "The stream" }, consumer: { help: "The consumer" } },
  flags: stepDownFlags,
  async run(ctx, { args, flags }) {
    const info = await pickConsumer(ctx, args);
    const { stream_name: stream, name, cluster } = info;
    if (!cluster) {
      const which = `${JSON.stringify(stream)} > ${JSON.stringify(name)}`;
      throw new CommandError(`consumer ${which} is not clustered`);
    }
    if (!cluster.leader && !flags.force) throw new CommandError("consumer has no current leader");
    const leader = cluster.leader || "<unknown>";
    const size = (cluster.replicas?.length ?? 0) + 1;
    await requestStepDown(ctx, {
      subject: `CONSUMER.LEADER.STEPDOWN.${stream}.${name}`,
      preferred: flags.preferred,
      whose: `${JSON.stringify(leader)} in a ${size} peer RAFT group`,
    });
    const latest = await lookOnce(ctx, info, leader);
    await printLine(ctx);
    await showConsumer(ctx, latest, { json: false, stateOnly: false });
    return 0;
  },
});

async function lookOnce(
  ctx: NatsContext,
  before: ConsumerInfo,
  leader: string,
): Promise<ConsumerInfo> {
  await ctx.process.sleep(beforeLookMs);
  const { stream_name: stream, name } = before;
  let info = before;
  try {
    info = await loadConsumer(ctx, stream, name);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    await logLine(ctx, `Failed to retrieve Consumer State: ${messageOf(error)}`);
    return before;
  }
  const now = info.cluster?.leader ?? "";
  if (now === leader) await logLine(ctx, `Leader did not change after ${beforeLookMs}ms`);
  else await logLine(ctx, `New leader elected ${JSON.stringify(now)}`);
  return info;
}

export const consumerCluster = natsGroup({
  path: "cluster",
  aliases: ["c"],
  help: "Who leads consumers",
  commands: [stepDown],
});
