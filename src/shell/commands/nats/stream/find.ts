// nats stream find: streams that fit conditions.

import { isSubsetOf } from "../../../../protocol/index.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { nanosBetween, timeOf } from "../../../render/times.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, printLine, readTags } from "../context.ts";
import { loadExpressions, matchesExpression } from "../expressions.ts";
import { orFail } from "../failures.ts";
import type { StreamInfo } from "../wire.ts";
import { streamTable } from "./list.ts";
import { listStreams } from "./listing.ts";

interface Wanted {
  readonly "server-name": string;
  readonly cluster: string;
  readonly empty: boolean;
  readonly idle: number;
  readonly created: number;
  readonly consumers: number;
  readonly subject: string;
  readonly replicas: number;
  readonly sourced: boolean;
  readonly mirrored: boolean;
  readonly leader: string;
  readonly invert: boolean;
  readonly expression: string;
  readonly "api-level": number;
}

export const streamFind = natsCommand({
  path: "find",
  aliases: ["query"],
  tags: readTags,
  help: "Find streams that fit conditions",
  details: `All conditions must hold. An --expression reads config, state and info, with the names
of stream info --json:

   nats stream find --expression 'state.messages > 10 && config.storage == "file"'`,
  flags: {
    "server-name": { help: "On a server of this name (a pattern)", type: "string" },
    cluster: { help: "In a cluster of this name (a pattern)", type: "string" },
    empty: { help: "Without messages", type: "switch" },
    idle: {
      help: "Without new messages for this long",
      type: "duration",
      placeholder: "DURATION",
    },
    created: { help: "At least this old", type: "duration", placeholder: "DURATION" },
    consumers: {
      help: "With this many consumers or fewer",
      type: "int",
      default: "-1",
      placeholder: "THRESHOLD",
    },
    subject: { help: "That store this subject", type: "string" },
    replicas: {
      help: "With this many replicas or fewer",
      type: "uint",
      placeholder: "REPLICAS",
    },
    sourced: { help: "That gather messages of others", type: "switch" },
    mirrored: { help: "That mirror another", type: "switch" },
    leader: { help: "Led by this server", type: "string", placeholder: "SERVER" },
    names: { help: "Write only the names", type: "switch", short: "n" },
    invert: { help: "Turn every condition round", type: "bool" },
    expression: { help: "For which this holds", type: "string" },
    "api-level": { help: "That need this API level or more", type: "int" },
  },
  async run(ctx, { flags }) {
    await orFail("setup failed", connect(ctx));
    await loadExpressions(flags.expression);
    const { streams } = await listStreams(ctx, "");
    const found = streams.filter((info) => fits(ctx, info, flags));
    if (flags.names) await printLine(ctx, found.map((info) => info.config.name).join("\n"));
    else await ctx.process.write(`${streamTable(ctx, found, flags.subject)}\n\n`);
    return 0;
  },
});

/** Source of each condition and of its inverse: jsm.go v0.4.1 `streamQuery`. */
function fits(ctx: NatsContext, info: StreamInfo, wanted: Wanted): boolean {
  const { config, state, cluster } = info;
  const now = ctx.process.storedNow();
  const age = nanosBetween(timeOf(info.created), now);
  const idle = nanosBetween(timeOf(state.last_ts), now);
  const holds = (asked: boolean, condition: boolean) => !asked || condition !== wanted.invert;
  const most = (asked: boolean, value: number, limit: number) =>
    !asked || (wanted.invert ? value >= limit : value <= limit);
  const names = [cluster?.leader, ...(cluster?.replicas ?? []).map((r) => r.name)];
  const onServer = names.some((name) => name && pattern(wanted["server-name"]).test(name));
  const level = Number(config.metadata?.["_nats.req.level"] ?? 0);
  return (
    holds(wanted.expression !== "", matchesExpression(wanted.expression, expressionScope(info))) &&
    most(wanted.created > 0, -age, -wanted.created) &&
    holds(wanted.idle > 0, idle > wanted.idle) &&
    holds(wanted.empty, state.messages === 0) &&
    most(wanted.consumers >= 0, state.consumer_count, wanted.consumers) &&
    holds(wanted.cluster !== "", pattern(wanted.cluster).test(cluster?.name ?? "")) &&
    storesSubject(info, wanted) &&
    holds(wanted["server-name"] !== "", onServer) &&
    most(wanted.replicas > 0, config.num_replicas, wanted.replicas) &&
    holds(wanted.sourced, (config.sources?.length ?? 0) > 0) &&
    holds(wanted.mirrored, config.mirror !== undefined) &&
    (wanted.leader === "" || holds(cluster !== undefined, cluster?.leader === wanted.leader)) &&
    holds(wanted["api-level"] > 0, level >= wanted["api-level"])
  );
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(`error parsing regexp: ${why}`);
  }
}

/** The inverse holds when any one subject of the stream is outside. */
function storesSubject({ config }: StreamInfo, { subject, invert }: Wanted): boolean {
  if (subject === "") return true;
  return (config.subjects ?? []).some((own) => isSubsetOf(own, subject) !== invert);
}

function expressionScope(info: StreamInfo): Readonly<Record<string, unknown>> {
  return { config: info.config, state: info.state, info, Info: info };
}
