// From flags and answers to the configuration of a consumer.
// Source of defaults, order of questions and texts: natscli v0.4.0 `consumerCmd.prepareConfig`.

import { addToStoredTime, formatStoredTime } from "../../../../kernel/index.ts";
import type { FlagValues } from "../../../grammar/define.ts";
import { parseDuration } from "../../../grammar/durations.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { parseDateTime } from "../../../render/times.ts";
import type { NatsContext } from "../context.ts";
import { orFail } from "../failures.ts";
import { ask, askNumber, choose, confirm } from "../prompts.ts";
import { splitList } from "../sizes.ts";
import { userMetadata } from "../stream/configure.ts";
import type { ConsumerConfig } from "../wire.ts";
import type { createFlags } from "./flags.ts";

export interface ConsumerWish {
  readonly name: string;
  readonly flags: FlagValues<typeof createFlags> & { readonly defaults: boolean };
  readonly given: ReadonlySet<string>;
}

type Draft = { -readonly [K in keyof ConsumerConfig]: ConsumerConfig[K] };

export async function configureConsumer(
  ctx: NatsContext,
  wish: ConsumerWish,
): Promise<ConsumerConfig> {
  const { flags } = wish;
  const draft: Draft = {
    description: flags.description,
    ack_policy: "explicit",
    deliver_policy: "all",
    replay_policy: "instant",
    num_replicas: flags.replicas,
  };
  await configureNames(ctx, wish, draft);
  await configureDelivery(ctx, wish, draft);
  await configurePolicies(ctx, wish, draft);
  await configureFilters(ctx, wish, draft);
  await configureAcks(ctx, wish, draft);
  await configurePush(ctx, wish, draft);
  await configureBackoff(ctx, wish, draft);
  configurePulls(wish, draft);
  configureGroups(wish, draft);
  if (flags.pause !== "") draft.pause_until = parsePauseUntil(ctx, flags.pause);
  if (wish.given.has("metadata")) draft.metadata = userMetadata(flags.metadata);
  return draft;
}

async function configureNames(ctx: NatsContext, wish: ConsumerWish, draft: Draft): Promise<void> {
  const { flags } = wish;
  let { name } = wish;
  if (name === "" && !flags.ephemeral) {
    name = await orFail(
      "could not request durable name",
      ask(ctx, { message: "Consumer name", hasHelp: true, required: true }),
    );
  }
  if (flags.ephemeral) {
    if (name !== "") draft.name = name;
    return;
  }
  if (/[.*>]/.test(name)) {
    throw new CommandError("durable name can not contain '.', '*', '>'");
  }
  draft.durable_name = name;
  draft.name = name;
}

async function configureDelivery(
  ctx: NatsContext,
  wish: ConsumerWish,
  draft: Draft,
): Promise<void> {
  const { flags } = wish;
  let { target } = flags;
  if (!flags.pull && target === "") {
    const message = "Delivery target (empty for Pull Consumers)";
    target = await orFail(
      "could not request delivery target",
      ask(ctx, { message, hasHelp: true }),
    );
  }
  if (target === "") return;
  draft.deliver_subject = target;
  const isUnset = flags["deliver-group"] === "_unset_";
  const group = !isUnset
    ? flags["deliver-group"]
    : flags.defaults
      ? ""
      : await orFail(
          "could not request delivery group",
          ask(ctx, { message: "Delivery Queue Group", hasHelp: true }),
        );
  if (group !== "") draft.deliver_group = group;
}

async function configurePolicies(
  ctx: NatsContext,
  wish: ConsumerWish,
  draft: Draft,
): Promise<void> {
  const { flags } = wish;
  const isPush = draft.deliver_subject !== undefined;
  const start =
    flags.deliver ||
    (flags.defaults
      ? "all"
      : await orFail(
          "could not request start policy",
          ask(ctx, {
            message: "Start policy (all, new, last, subject, 1h, msg sequence)",
            preset: "all",
            required: true,
            hasHelp: true,
          }),
        ));
  await setStartPolicy(ctx, draft, start);
  const usualAck = isPush ? "none" : "explicit";
  draft.ack_policy =
    flags.ack ||
    (flags.defaults
      ? usualAck
      : await orFail(
          "could not ask acknowledgement policy",
          choose(ctx, {
            message: "Acknowledgment policy",
            options: ["explicit", "all", "none"],
            preset: usualAck,
            hasHelp: true,
          }),
        ));
  // With --defaults a push consumer is always instant: so does the recorded command line.
  const replay = flags.defaults && isPush ? "instant" : flags.replay;
  draft.replay_policy =
    replay ||
    (flags.defaults
      ? "instant"
      : await orFail(
          "could not ask replay policy",
          choose(ctx, {
            message: "Replay policy",
            options: ["instant", "original"],
            preset: "instant",
            hasHelp: true,
          }),
        ));
}

/** Source: natscli v0.4.0 `setStartPolicy`. */
export async function setStartPolicy(
  ctx: NatsContext,
  draft: Draft,
  policy: string,
): Promise<void> {
  const named: Readonly<Record<string, string>> = {
    all: "all",
    last: "last",
    new: "new",
    next: "new",
    subject: "last_per_subject",
    last_per_subject: "last_per_subject",
  };
  const name = named[policy];
  if (name !== undefined) {
    draft.deliver_policy = name;
  } else if (/^\d+$/.test(policy)) {
    draft.deliver_policy = "by_start_sequence";
    draft.opt_start_seq = Number(policy);
  } else {
    const parse = async () => parseDuration(policy);
    const delta = await orFail("could not parse starting delta", parse());
    draft.deliver_policy = "by_start_time";
    draft.opt_start_time = formatStoredTime(addToStoredTime(ctx.process.storedNow(), -delta));
  }
}

async function configureFilters(ctx: NatsContext, wish: ConsumerWish, draft: Draft): Promise<void> {
  let filters = wish.flags.filter;
  if (filters.length === 0 && !wish.flags.defaults) {
    const message = "Filter Stream by subjects (blank for all)";
    const typed = await orFail(
      "could not ask for filtering subject",
      ask(ctx, { message, hasHelp: true }),
    );
    filters = splitList(typed);
  }
  if (filters.length === 1) draft.filter_subject = filters[0] ?? "";
  if (filters.length > 1) draft.filter_subjects = filters;
  const needsOne = draft.deliver_policy === "last_per_subject";
  if (filters.length === 0 && needsOne) draft.filter_subject = ">";
}

async function configureAcks(ctx: NatsContext, wish: ConsumerWish, draft: Draft): Promise<void> {
  const { flags } = wish;
  const hasAcks = draft.ack_policy !== "none";
  if (!hasAcks) draft.max_deliver = -1;
  if (flags.wait > 0) draft.ack_wait = flags.wait;
  if (flags.sample > 100) throw new CommandError("sample percent is not between 0 and 100");
  if (flags.sample > 0) draft.sample_freq = String(flags.sample);
  let tries = flags["max-deliver"] || (flags.defaults ? -1 : 0);
  if (tries === 0 && hasAcks) {
    tries = await askCount(ctx, {
      message: "Maximum Allowed Deliveries",
      preset: "-1",
      failure: "could not ask for maximum allowed deliveries",
    });
  }
  let pending = flags["max-pending"] === -1 ? flags["max-outstanding"] : flags["max-pending"];
  if (pending === -1 && flags.defaults) pending = 0;
  if (pending === -1 && hasAcks) {
    pending = await askCount(ctx, {
      message: "Maximum Acknowledgments Pending",
      preset: "0",
      failure: "could not ask for maximum outstanding acknowledgements",
    });
  }
  if (pending > 0) draft.max_ack_pending = pending;
  if (tries !== 0 && hasAcks) draft.max_deliver = tries;
}

/** The last question; it also lifts `max_deliver` above the number of waits. */
async function configureBackoff(
  ctx: NatsContext,
  { flags }: ConsumerWish,
  draft: Draft,
): Promise<void> {
  const asks = draft.ack_policy !== "none" && !flags.defaults && flags.backoff === "";
  const policy = asks ? await askBackoff(ctx, flags) : flags;
  const backoff = policy.backoff === "" ? [] : backoffPeriods(policy);
  if (backoff.length === 0) return;
  draft.backoff = backoff;
  if (draft.max_deliver === -1) draft.max_deliver = backoff.length + 1;
}

async function askBackoff(ctx: NatsContext, flags: BackoffFlags): Promise<BackoffFlags> {
  if (!(await confirm(ctx, "Add a Retry Backoff Policy", false))) return flags;
  const backoff = await choose(ctx, {
    message: "Backoff policy",
    options: ["linear", "none"],
    preset: "none",
    hasHelp: true,
  });
  if (backoff === "none") return { ...flags, backoff };
  const time = async (message: string, preset: string) =>
    parseDuration(await ask(ctx, { message, preset, hasHelp: true }));
  const low = await time("Minimum retry time", "1m");
  const high = await time("Maximum retry time", "10m");
  const message = "Number of steps to generate in the policy";
  const steps = Number(
    await askNumber(ctx, { message, preset: "20", required: true, hasHelp: true }),
  );
  if (!(steps >= 1)) throw new CommandError("backoff steps must be > 0");
  return { backoff, "backoff-steps": steps, "backoff-min": low, "backoff-max": high };
}

interface CountQuestion {
  readonly message: string;
  readonly preset: string;
  readonly failure: string;
}

async function askCount(ctx: NatsContext, question: CountQuestion): Promise<number> {
  const text = await orFail(question.failure, ask(ctx, { ...question, hasHelp: true }));
  if (/^[-+]?\d+$/.test(text)) return Number(text);
  const quoted = JSON.stringify(text);
  throw new CommandError(
    `${question.failure}: strconv.ParseInt: parsing ${quoted}: invalid syntax`,
  );
}

type BackoffFlags = Pick<
  FlagValues<typeof createFlags>,
  "backoff" | "backoff-steps" | "backoff-min" | "backoff-max"
>;

/** The waits of `--backoff`. Source: jsm.go v0.4.1 `LinearBackoffPeriods`. */
export function backoffPeriods(flags: BackoffFlags): number[] {
  if (flags.backoff === "none") return [];
  const steps = flags["backoff-steps"];
  const low = flags["backoff-min"];
  const high = flags["backoff-max"];
  const refuse = (text: string): never => {
    throw new CommandError(`could not determine backoff policy: ${text}`);
  };
  if (steps === 0 || low === 0 || high === 0) refuse("required policy properties not supplied");
  const [first, last] = low > high ? [high, low] : [low, high];
  const step = Math.floor((last - first) / steps);
  return Array.from({ length: steps }, (_, i) => first + step * i);
}

async function configurePush(ctx: NatsContext, wish: ConsumerWish, draft: Draft): Promise<void> {
  const { flags, given } = wish;
  const isPush = draft.deliver_subject !== undefined;
  const heartbeat = flags.heartbeat || (flags.defaults ? "-1" : "");
  if (isPush) {
    const text =
      heartbeat ||
      (await orFail(
        "could not ask for idle heartbeat",
        ask(ctx, { message: "Idle Heartbeat", hasHelp: true, preset: "0s" }),
      ));
    const parse = async () => parseDuration(text);
    const nanos = text === "-1" ? 0 : await orFail("invalid heartbeat duration", parse());
    if (nanos > 0) draft.idle_heartbeat = nanos;
    const asks = !given.has("flow-control") && !flags.defaults;
    const controls = asks
      ? await orFail(
          "could not ask flow control",
          confirm(ctx, "Enable Flow Control, ie --flow-control", false),
        )
      : flags["flow-control"];
    if (controls) draft.flow_control = true;
  }
  const asksHeaders = !given.has("headers-only") && !flags.defaults;
  const headersOnly = asksHeaders
    ? await orFail(
        "could not ask headers only",
        confirm(ctx, "Deliver headers only without bodies", false),
      )
    : flags["headers-only"];
  if (headersOnly) draft.headers_only = true;
  if (!isPush && flags.bps > 0) {
    throw new CommandError("rate limits are only possible on Push consumers");
  }
  if (!isPush && heartbeat !== "" && heartbeat !== "-1") {
    throw new CommandError("pull subscribers does not support idle heartbeats");
  }
  if (flags.bps > 0) draft.rate_limit_bps = flags.bps;
}

function configurePulls({ flags }: ConsumerWish, draft: Draft): void {
  if (flags["inactive-threshold"] !== 0) draft.inactive_threshold = flags["inactive-threshold"];
  if (flags["max-pull-batch"] > 0) draft.max_batch = flags["max-pull-batch"];
  if (flags["max-pull-expire"] > 0) draft.max_expires = flags["max-pull-expire"];
  if (flags["max-pull-bytes"] > 0) draft.max_bytes = flags["max-pull-bytes"];
  const waiting = flags["max-waiting"];
  if (draft.deliver_subject === undefined && waiting !== 0) draft.max_waiting = waiting;
  if (flags.memory) draft.mem_storage = true;
}

function configureGroups({ flags }: ConsumerWish, draft: Draft): void {
  const pinned = flags["pinned-groups"];
  const overflow = flags["overflow-groups"];
  const prioritized = flags["prioritized-groups"];
  if (pinned.length > 0 && overflow.length > 0) {
    throw new CommandError("setting both overflow and pinned groups are not supported");
  }
  if (pinned.length > 0) {
    draft.priority_policy = "pinned_client";
    draft.priority_groups = pinned;
    if (flags["pinned-ttl"] > 0) draft.priority_timeout = flags["pinned-ttl"];
  } else if (overflow.length > 0) {
    // The recorded command line sends no groups here, which the server refuses.
    draft.priority_policy = "overflow";
  } else if (prioritized.length > 0) {
    draft.priority_policy = "prioritized";
    draft.priority_groups = prioritized;
  }
}

/** A time as `2099-01-01 00:00:00` or a duration from now. Throws CommandError. */
export function parsePauseUntil(ctx: NatsContext, text: string): string {
  const time = parseDateTime(text);
  if (time) return formatStoredTime(time);
  try {
    return formatStoredTime(addToStoredTime(ctx.process.storedNow(), parseDuration(text)));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError("could not parse the pause time as either timestamp or duration");
  }
}
