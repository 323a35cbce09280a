// nats server cluster: who leads JetStream's meta group.
// Source: natscli v0.4.0 `SrvClusterCmd.metaLeaderStandDownAction`.

import { CommandError, messageOf } from "../../../grammar/errors.ts";
import { apiRequest } from "../api.ts";
import { connect } from "../connection.ts";
import { logLine, type NatsContext, natsCommand, natsGroup, printLine } from "../context.ts";
import { orFail } from "../failures.ts";
import { activeServers, jszOf, type MetaCluster } from "./requests.ts";

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
    if (ctx.globals.domain !== "") {
      throw new CommandError(
        "the --js-domain option cannot be used with step-down: JetStream domains do not apply " +
          "to the system account, connect without a domain configured",
      );
    }
    const servers = await activeServers(ctx);
    const meta = await metaLeader(ctx, servers);
    const leader = meta.leader ?? "";
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
    return awaitLeader(ctx, servers, leader);
  },
});

async function awaitLeader(ctx: NatsContext, servers: number, before: string): Promise<number> {
  for (let look = 0; look < looksMost; look += 1) {
    await ctx.process.sleep(betweenLooksMs);
    try {
      const { leader = "" } = await metaLeader(ctx, servers);
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

/** The meta group as its leader sees it. */
async function metaLeader(ctx: NatsContext, servers: number): Promise<MetaCluster> {
  const replies = await jszOf(ctx, {}, servers);
  const led = replies.flatMap(({ server, data }) =>
    data.meta_cluster?.leader === server.name ? [data.meta_cluster] : [],
  );
  const [first] = led;
  if (first === undefined) {
    throw new CommandError(
      "did not receive a response from the meta leader, ensure the account used has system " +
        "privileges and appropriate permissions",
    );
  }
  if (led.length > 1) {
    throw new CommandError(
      `found ${led.length} JetStream meta cluster leaders, unable to determine which cluster to ` +
        "step down",
    );
  }
  return first;
}

export const serverCluster = natsGroup({
  path: "cluster",
  aliases: ["r", "raft"],
  help: "JetStream's meta group",
  commands: [stepDown],
});
