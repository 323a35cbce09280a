// nats consumer find: consumers of a stream that fit conditions.

import { nanosBetween, timeOf } from "../../../render/times.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, printLine, readTags } from "../context.ts";
import { loadExpressions, matchesExpression } from "../expressions.ts";
import { orFail } from "../failures.ts";
import type { ConsumerInfo } from "../wire.ts";
import { listConsumers } from "./list.ts";
import { pickStreamName } from "./pick.ts";

interface Wanted {
  readonly pull: boolean;
  readonly push: boolean;
  readonly bound: boolean;
  readonly waiting: number;
  readonly "ack-pending": number;
  readonly pending: number;
  readonly idle: number;
  readonly created: number;
  readonly replicas: number;
  readonly leader: string;
  readonly pinned: boolean;
  readonly invert: boolean;
  readonly expression: string;
  readonly "api-level": number;
}

export const consumerFind = natsCommand({
  path: "find",
  aliases: ["query"],
  tags: readTags,
  help: "Find consumers that fit conditions",
  args: { stream: { help: "The stream" } },
  flags: {
    pull: { help: "That deliver when asked", type: "switch" },
    push: { help: "That push", type: "switch" },
    bound: { help: "That somebody listens to", type: "switch" },
    waiting: { help: "With fewer waiting pulls", type: "int" },
    "ack-pending": { help: "With fewer unacknowledged messages", type: "int" },
    pending: { help: "With fewer unprocessed messages", type: "uint" },
    idle: { help: "That delivered within this time", type: "duration" },
    created: { help: "At least this old", type: "duration", placeholder: "DURATION" },
    replicas: {
      help: "With this many replicas or fewer",
      type: "uint",
      placeholder: "REPLICAS",
    },
    leader: { help: "Led by this server", type: "string", placeholder: "SERVER" },
    pinned: { help: "All of whose groups have a pinned client", type: "switch" },
    invert: { help: "Turn every condition round", type: "bool" },
    expression: { help: "For which this holds", type: "string" },
    "api-level": { help: "That need this API level or more", type: "int" },
  },
  async run(ctx, { args, flags }) {
    await orFail("setup failed", connect(ctx));
    await loadExpressions(flags.expression);
    const stream = await pickStreamName(ctx, args.stream ?? "");
    const { consumers } = await listConsumers(ctx, stream);
    for (const info of consumers) {
      if (fits(ctx, info, flags)) await printLine(ctx, info.name);
    }
    return 0;
  },
});

/** Source of each condition and of its inverse: jsm.go v0.4.1 `consumerQuery`. */
function fits(ctx: NatsContext, info: ConsumerInfo, wanted: Wanted): boolean {
  const { config, cluster } = info;
  const now = ctx.process.storedNow();
  const holds = (asked: boolean, condition: boolean) => !asked || condition !== wanted.invert;
  const fewer = (value: number, limit: number) =>
    limit <= 0 || (value > 0 && (wanted.invert ? value > limit : value < limit));
  const isPush = Boolean(config.deliver_subject);
  const age = nanosBetween(timeOf(info.created), now);
  const last = info.delivered.last_active;
  const idle = last ? nanosBetween(timeOf(last), now) : 0;
  const groups = info.priority_groups ?? [];
  const pins = groups.filter((group) => group.pinned_client_id).length;
  const isPinned = pins === (config.priority_groups?.length ?? 0);
  const isPinnable = config.priority_policy === "pinned_client";
  const level = Number(config.metadata?.["_nats.req.level"] ?? 0);
  const scope = { config, state: info, info, Info: info };
  const most = wanted.invert
    ? config.num_replicas >= wanted.replicas
    : config.num_replicas <= wanted.replicas;
  return (
    holds(wanted.expression !== "", matchesExpression(wanted.expression, scope)) &&
    holds(wanted.created > 0, age >= wanted.created) &&
    (wanted.idle <= 0 || (last !== undefined && holds(true, idle < wanted.idle))) &&
    holds(wanted.pull, !isPush) &&
    holds(wanted.push, isPush) &&
    holds(wanted.bound, info.push_bound === true || info.num_waiting > 0) &&
    fewer(info.num_waiting, wanted.waiting) &&
    fewer(info.num_ack_pending, wanted["ack-pending"]) &&
    fewer(info.num_pending, wanted.pending) &&
    (wanted.replicas <= 0 || most) &&
    (wanted.leader === "" ||
      (cluster !== undefined && holds(true, cluster.leader === wanted.leader))) &&
    (!wanted.pinned || (isPinnable && holds(true, isPinned))) &&
    holds(wanted["api-level"] > 0, level >= wanted["api-level"])
  );
}
