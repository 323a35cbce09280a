// nats server cluster: who leads JetStream's meta group.
// Source: natscli v0.4.0 `SrvClusterCmd.metaLeaderStandDownAction`.

import { CommandError, messageOf } from "../../../grammar/errors.ts";
import { goJson } from "../../../render/json.ts";
import { apiRequest } from "../api.ts";
import { connect } from "../connection.ts";
import {
  logLine,
  type NatsContext,
  natsCommand,
  natsGroup,
  printLine,
  timeoutMs,
} from "../context.ts";
import { asCommandError, orFail } from "../failures.ts";
import type { JszReply, MetaCluster } from "./requests.ts";

/** How often natscli looks for the new leader, and how long it waits between. */
const looksMost = 5;
const betweenLooksMs = 500;

const stepDown = natsCommand({
  path: "step-down",
  aliases: ["stepdown", "sd", "elect", "down", "d"],
  tags: ["scope:system", "impact:rw"],
  help: "Let another server lead the meta group",
  flags: {
    cluster: { help: "The cluster in which it should be", type: "string" },
    tags: { help: "Tags that it should have", type: "strings" },
    host: { help: "The server that should lead", type: "string" },
    json: { help: "Write JSON", type: "switch", short: "j" },
    force: { help: "Also when nobody leads", type: "switch", short: "f" },
  },
  async run(ctx, { flags }) {
    await orFail("setup failed", connect(ctx));
    const meta = await orFail("could not obtain cluster information", metaLeader(ctx));
    if (meta.leader === undefined && !flags.force) {
      throw new CommandError("cluster has no current leader");
    }
    const leader = meta.leader ?? "<unknown>";
    const { cluster, tags, host } = flags;
    if (host !== "" || tags.length > 0) {
      await printLine(
        ctx,
        "WARNING: Using placement tags or node name required NATS Server 2.11 or newer\n",
      );
    }
    const size = (meta.replicas?.length ?? 0) + 1;
    await logLine(
      ctx,
      `Requesting leader step down of ${JSON.stringify(leader)} in a ${size} peer RAFT group`,
    );
    const placement = {
      ...(cluster === "" ? {} : { cluster }),
      ...(tags.length === 0 ? {} : { tags }),
      ...(host === "" ? {} : { preferred: host }),
    };
    const isPlaced = Object.keys(placement).length > 0;
    await apiRequest(ctx, "META.LEADER.STEPDOWN", isPlaced ? { placement } : undefined);
    return awaitLeader(ctx, leader);
  },
});

async function awaitLeader(ctx: NatsContext, before: string): Promise<number> {
  for (let look = 0; look < looksMost; look += 1) {
    await ctx.process.sleep(betweenLooksMs);
    try {
      const { leader = "" } = await metaLeader(ctx);
      if (leader === before) continue;
      await logLine(ctx, `New leader elected ${JSON.stringify(leader)}`);
      return 0;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      await logLine(ctx, `Failed to retrieve Cluster State: ${messageOf(error)}`);
    }
  }
  await ctx.process.sleep(betweenLooksMs);
  throw new CommandError("stream did not elect a new leader in time");
}

/** The meta group as its leader sees it: nobody else answers. */
async function metaLeader(ctx: NatsContext): Promise<MetaCluster> {
  const connection = await connect(ctx);
  const options = { timeout: timeoutMs(ctx) };
  const request = connection.request(
    "$SYS.REQ.SERVER.PING.JSZ",
    goJson({ leader_only: true }),
    options,
  );
  const reply = await request.catch((error: unknown) => {
    throw asCommandError(error);
  });
  const { meta_cluster: meta } = (reply.json() as JszReply).data;
  if (meta === undefined) throw new CommandError("no data received");
  return meta;
}

export const serverCluster = natsGroup({
  path: "cluster",
  aliases: ["r", "raft"],
  help: "JetStream's meta group",
  commands: [stepDown],
});
