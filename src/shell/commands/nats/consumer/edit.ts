// nats consumer edit, nats consumer copy.

import type { FlagValues } from "../../../grammar/define.ts";
import { parseDuration } from "../../../grammar/durations.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { type DiffField, fieldOf, goDiff } from "../../../render/go-diff.ts";
import { loadConsumer } from "../choose.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, writeTags } from "../context.ts";
import { orFail } from "../failures.ts";
import { isConfirmed } from "../prompts.ts";
import { userMetadata } from "../stream/configure.ts";
import { editingFlags, refuseEditor, showChanges } from "../stream/editing.ts";
import type { ConsumerConfig } from "../wire.ts";
import { backoffPeriods, setStartPolicy } from "./configure.ts";
import { checkConsumerLevel, createConsumer, readConsumerConfig } from "./create.ts";
import { consumerFlags, createFlags } from "./flags.ts";
import { pickConsumer, pickStreamName } from "./pick.ts";
import { ackPolicyText, showConsumer } from "./show.ts";

type Draft = { -readonly [K in keyof ConsumerConfig]: ConsumerConfig[K] };
type Changes = { -readonly [K in keyof ConsumerConfig]?: ConsumerConfig[K] };

export const consumerEdit = natsCommand({
  path: "edit",
  aliases: ["update"],
  tags: writeTags,
  help: "Change the configuration of a consumer",
  args: { stream: { help: "The stream" }, consumer: { help: "The consumer" } },
  flags: {
    ...editingFlags,
    ...consumerFlags,
  },
  async run(ctx, { args, flags, given }) {
    const info = await pickConsumer(ctx, {
      stream: args.stream,
      consumer: args.consumer,
      force: flags.force,
    });
    const { stream_name: stream, name } = info;
    if (!info.config.durable_name) throw new CommandError("only durable consumers can be edited");
    const failure = `could not create new configuration for Consumer ${name}`;
    refuseEditor(failure, flags);
    const before = { ...info.config, metadata: userMetadata(info.config.metadata) };
    const edited = flags.config
      ? await orFail(failure, readConsumerConfig(ctx, flags.config))
      : { ...before, ...editChanges(flags, given) };
    const after = { ...edited, metadata: userMetadata(edited.metadata) };
    if ((after.backoff?.length ?? 0) > 0 && after.ack_wait !== before.ack_wait) {
      throw new CommandError("consumers with backoff policies do not support editing Ack Wait");
    }
    const report = goDiff("api.ConsumerConfig", diffFields, { before, after });
    if (!(await showChanges(ctx, report, flags))) return 0;
    const question = `Really edit Consumer ${stream} > ${name}`;
    if (!flags.force && !(await isConfirmed(ctx, question))) return 0;
    await checkConsumerLevel(ctx, after);
    const changed = await createConsumer(ctx, stream, after);
    await showConsumer(ctx, changed, { json: false, stateOnly: false });
    return 0;
  },
});

/** Source of what each flag replaces: natscli v0.4.0 `copyAndEditConsumer`. */
function editChanges(flags: FlagValues<typeof consumerFlags>, given: ReadonlySet<string>): Changes {
  const changes: Changes = sharedChanges(flags);
  if (flags["inactive-threshold"] !== 0) changes.inactive_threshold = flags["inactive-threshold"];
  if (flags.wait !== -1e9) changes.ack_wait = flags.wait;
  if (given.has("headers-only")) changes.headers_only = flags["headers-only"];
  const [filter = ""] = flags.filter;
  if (flags.filter.length === 1) {
    changes.filter_subject = filter;
    changes.filter_subjects = [];
  } else if (flags.filter.length > 1) {
    changes.filter_subjects = flags.filter;
    changes.filter_subject = "";
  }
  if (flags.replicas > 0) changes.num_replicas = flags.replicas;
  if (given.has("metadata")) changes.metadata = flags.metadata;
  return changes;
}

function sharedChanges(flags: FlagValues<typeof consumerFlags>): Changes {
  const changes: Changes = {};
  if (flags.description !== "") changes.description = flags.description;
  if (flags["max-deliver"] !== 0) changes.max_deliver = flags["max-deliver"];
  const pending = flags["max-pending"] === -1 ? flags["max-outstanding"] : flags["max-pending"];
  if (pending !== -1) changes.max_ack_pending = pending;
  if (flags.sample !== -1) changes.sample_freq = sampleText(flags.sample);
  if (flags["max-pull-batch"] > 0) changes.max_batch = flags["max-pull-batch"];
  if (flags["max-pull-expire"] > 0) changes.max_expires = flags["max-pull-expire"];
  if (flags["max-pull-bytes"] > 0) changes.max_bytes = flags["max-pull-bytes"];
  if (flags.backoff !== "") changes.backoff = backoffPeriods(flags);
  if (flags.target !== "") changes.deliver_subject = flags.target;
  return changes;
}

function sampleText(percent: number): string {
  if (percent < 0 || percent > 100) {
    throw new CommandError("sample percent is not between 0 and 100");
  }
  return percent > 0 ? String(percent) : "";
}

export const consumerCopy = natsCommand({
  path: "copy",
  aliases: ["cp"],
  tags: writeTags,
  help: "Create a consumer configured as another",
  args: {
    stream: { help: "The stream", required: true },
    source: { help: "The consumer to copy", required: true },
    destination: { help: "Name of the new consumer", required: true },
  },
  flags: createFlags,
  async run(ctx, { args, flags, given }) {
    await orFail("setup failed", connect(ctx));
    const stream = await pickStreamName(ctx, args.stream);
    const failure = "could not load source Consumer";
    const source = await orFail(failure, loadConsumer(ctx, stream, args.source));
    const config = await copiedConfig(ctx, source.config, { flags, given });
    const named = flags.ephemeral ? config : { ...config, durable_name: args.destination };
    const { durable_name: durable, ...unnamed } = named;
    const wanted = flags.ephemeral ? unnamed : named;
    const info = await orFail("Consumer creation failed", createConsumer(ctx, stream, wanted));
    if (!flags.ephemeral) await showConsumer(ctx, info, { json: false, stateOnly: false });
    return 0;
  },
});

interface Copying {
  readonly flags: FlagValues<typeof createFlags>;
  readonly given: ReadonlySet<string>;
}

/** Source of what each flag replaces: natscli v0.4.0 `consumerCmd.cpAction`. */
async function copiedConfig(
  ctx: NatsContext,
  source: ConsumerConfig,
  { flags, given }: Copying,
): Promise<ConsumerConfig> {
  const draft: Draft = { ...source, ...sharedChanges(flags) };
  if (flags.wait > 0) draft.ack_wait = flags.wait;
  if (flags.deliver !== "") await setStartPolicy(ctx, draft, flags.deliver);
  if (flags.pull) {
    draft.deliver_subject = "";
    draft.max_waiting = flags["max-waiting"];
  }
  if (flags.ack !== "") draft.ack_policy = flags.ack;
  if (flags.filter.length === 1) draft.filter_subject = flags.filter[0] ?? "";
  else if (flags.filter.length > 1) draft.filter_subjects = flags.filter;
  if (flags.replay !== "") draft.replay_policy = flags.replay;
  if (flags.bps !== 0) draft.rate_limit_bps = flags.bps;
  if (flags.heartbeat !== "" && flags.heartbeat !== "-1") {
    const parse = async () => parseDuration(flags.heartbeat);
    draft.idle_heartbeat = await orFail("Invalid heartbeat duration", parse());
  }
  if (given.has("flow-control")) draft.flow_control = flags["flow-control"];
  if (!draft.deliver_subject) {
    draft.idle_heartbeat = 0;
    draft.flow_control = false;
  }
  const group = flags["deliver-group"];
  draft.deliver_group = flags.target === "" || group === "_unset_" ? "" : group;
  if (flags["inactive-threshold"] > 0) draft.inactive_threshold = flags["inactive-threshold"];
  if (given.has("headers-only")) draft.headers_only = flags["headers-only"];
  return draft;
}

const titles: Readonly<Record<string, string>> = {
  all: "All",
  last: "Last",
  new: "New",
  by_start_sequence: "By Start Sequence",
  by_start_time: "By Start Time",
  last_per_subject: "Last Per Subject",
  instant: "Instant",
  original: "Original",
  overflow: "Overflow",
  pinned_client: "Pinned Client",
  prioritized: "Prioritized",
};

const named = (name: string, wire: string): DiffField => ({
  name,
  wire,
  kind: "named",
  title: (value) => titles[value] ?? "None",
});

/** Fields in the order of jsm.go v0.4.1 `api.ConsumerConfig`. */
const diffFields: readonly DiffField[] = [
  fieldOf("Description", "description", "text"),
  { ...named("AckPolicy", "ack_policy"), title: ackPolicyText },
  fieldOf("AckWait", "ack_wait", "duration"),
  named("DeliverPolicy", "deliver_policy"),
  fieldOf("DeliverSubject", "deliver_subject", "text"),
  fieldOf("DeliverGroup", "deliver_group", "text"),
  fieldOf("Durable", "durable_name", "text"),
  fieldOf("Name", "name", "text"),
  fieldOf("FilterSubject", "filter_subject", "text"),
  fieldOf("FilterSubjects", "filter_subjects", "strings"),
  fieldOf("FlowControl", "flow_control", "bool"),
  fieldOf("Heartbeat", "idle_heartbeat", "duration"),
  fieldOf("MaxAckPending", "max_ack_pending", "number"),
  fieldOf("MaxDeliver", "max_deliver", "number"),
  fieldOf("BackOff", "backoff", "durations"),
  fieldOf("MaxWaiting", "max_waiting", "number"),
  fieldOf("OptStartSeq", "opt_start_seq", "number"),
  { name: "OptStartTime", wire: "opt_start_time", kind: "pointer", type: "time.Time" },
  fieldOf("RateLimit", "rate_limit_bps", "number"),
  named("ReplayPolicy", "replay_policy"),
  fieldOf("SampleFrequency", "sample_freq", "text"),
  fieldOf("HeadersOnly", "headers_only", "bool"),
  fieldOf("MaxRequestBatch", "max_batch", "number"),
  fieldOf("MaxRequestExpires", "max_expires", "duration"),
  fieldOf("MaxRequestMaxBytes", "max_bytes", "number"),
  fieldOf("InactiveThreshold", "inactive_threshold", "duration"),
  fieldOf("Replicas", "num_replicas", "number"),
  fieldOf("MemoryStorage", "mem_storage", "bool"),
  fieldOf("Metadata", "metadata", "map"),
  fieldOf("PauseUntil", "pause_until", "time"),
  fieldOf("PriorityGroups", "priority_groups", "strings"),
  named("PriorityPolicy", "priority_policy"),
  fieldOf("PinnedTTL", "priority_timeout", "duration"),
  fieldOf("Direct", "direct", "bool"),
];
