// nats stream cluster: who leads a stream, and who keeps it.

import { CommandError, messageOf } from "../../../grammar/errors.ts";
import { apiRequest } from "../api.ts";
import { loadStream } from "../choose.ts";
import {
  logLine,
  type NatsContext,
  natsCommand,
  natsGroup,
  printLine,
  writeTags,
} from "../context.ts";
import { choose } from "../prompts.ts";
import { requestStepDown, stepDownFlags } from "../server/step-down.ts";
import type { StreamInfo } from "../wire.ts";
import { pickStream } from "./pick.ts";
import { showStream } from "./show.ts";

/** How often natscli looks for the new leader, and how long it waits between. */
const looksMost = 10;
const betweenLooksMs = 500;

const stepDown = natsCommand({
  path: "step-down",
  aliases: ["stepdown", "sd", "elect", "down", "d"],
  tags: writeTags,
  help: "Let another server lead a stream",
  args: { stream: { help: "The stream" } },
  flags: stepDownFlags,
  async run(ctx, { args, flags }) {
    const info = await pickStream(ctx, args.stream);
    const { name } = info.config;
    const replicas = info.cluster?.replicas ?? [];
    if (replicas.length === 0) {
      throw new CommandError(`stream ${JSON.stringify(name)} is not clustered`);
    }
    const leader = info.cluster?.leader || "<unknown>";
    if (!info.cluster?.leader && !flags.force) {
      throw new CommandError(`stream ${JSON.stringify(name)} has no current leader`);
    }
    const group = `in a ${replicas.length + 1} peer cluster group`;
    await requestStepDown(ctx, {
      subject: `STREAM.LEADER.STEPDOWN.${name}`,
      preferred: flags.preferred,
      whose: `${JSON.stringify(leader)} for stream ${JSON.stringify(name)} ${group}`,
    });
    const latest = await awaitLeader(ctx, info, leader);
    await printLine(ctx);
    await showStream(ctx, latest, { json: false, stateOnly: false });
    return 0;
  },
});

async function awaitLeader(
  ctx: NatsContext,
  before: StreamInfo,
  leader: string,
): Promise<StreamInfo> {
  const { name } = before.config;
  let info = before;
  for (let look = 0; look < looksMost; look += 1) {
    await ctx.process.sleep(betweenLooksMs);
    try {
      info = await loadStream(ctx, name);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      await logLine(ctx, `Failed to retrieve Stream State: ${messageOf(error)}`);
      continue;
    }
    const now = info.cluster?.leader ?? "";
    if (now === "") {
      await logLine(ctx, "No leader elected");
    } else if (now !== leader) {
      await logLine(ctx, `New leader elected ${JSON.stringify(now)}`);
      return info;
    }
  }
  await ctx.process.sleep(betweenLooksMs);
  throw new CommandError(`stream ${JSON.stringify(name)} did not elect a new leader in time`);
}

const peerRemove = natsCommand({
  path: "peer-remove",
  aliases: ["pr"],
  tags: writeTags,
  help: "Let a server no longer keep a stream",
  args: { stream: { help: "The stream" }, peer: { help: "The server" } },
  flags: { force: { help: "Also when only this server keeps it", type: "switch", short: "f" } },
  async run(ctx, { args, flags }) {
    const info = await pickStream(ctx, args.stream);
    const { name } = info.config;
    if (!info.cluster) throw new CommandError(`stream ${JSON.stringify(name)} is not clustered`);
    const others = (info.cluster.replicas ?? []).map((replica) => replica.name);
    const options = [info.cluster.leader ?? "", ...others];
    if (options.length === 1 && !flags.force) {
      throw new CommandError(
        "removing the only peer on a stream will result in data loss, use --force to force",
      );
    }
    const peer = args.peer || (await choose(ctx, { message: "Select a Peer", options }));
    await logLine(ctx, `Removing peer ${JSON.stringify(peer)}`);
    await apiRequest(ctx, `STREAM.PEER.REMOVE.${name}`, { peer });
    await logLine(ctx, `Requested removal of peer ${JSON.stringify(peer)}`);
    return 0;
  },
});

export const streamCluster = natsGroup({
  path: "cluster",
  aliases: ["c"],
  help: "Who leads and keeps streams",
  commands: [stepDown, peerRemove],
});
