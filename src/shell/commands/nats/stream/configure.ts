// From flags and answers to the configuration of a stream.
// Source of defaults, order of questions and texts: natscli v0.4.0 `streamCmd.prepareConfig`.

import type { FlagValues } from "../../../grammar/define.ts";
import { parseDuration } from "../../../grammar/durations.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { goDuration } from "../../../render/durations.ts";
import type { NatsContext } from "../context.ts";
import { orFail } from "../failures.ts";
import { ask, askNumber, choose, confirm } from "../prompts.ts";
import { parseBytes, splitList, splitSubjects } from "../sizes.ts";
import type { StreamConfig, StreamSource } from "../wire.ts";
import type { createFlags } from "./flags.ts";
import { askOrigin } from "./origin.ts";

/** What describes the stream to make. */
export interface StreamWish {
  readonly name: string;
  readonly flags: FlagValues<typeof createFlags> & { readonly defaults: boolean };
  readonly given: ReadonlySet<string>;
  /** The account wants every stream to have a size. */
  readonly requireSize: boolean;
}

const invalid = <T>(action: Promise<T>): Promise<T> => orFail("invalid input", action);

/** Sizes are read before anything else happens. Source: natscli `parseLimitStrings`. */
export function checkSizes(flags: { "max-bytes": string; "max-msg-size": string }): void {
  for (const text of [flags["max-bytes"], flags["max-msg-size"]]) {
    if (text !== "") parseBytes(text, 32);
  }
}

export async function configureStream(ctx: NatsContext, wish: StreamWish): Promise<StreamConfig> {
  const { flags } = wish;
  const name = wish.name || (await invalid(ask(ctx, { message: "Stream Name", required: true })));
  const subjects = await configureSubjects(ctx, wish);
  const shape = await configureShape(ctx, wish);
  const limits = await configureLimits(ctx, wish, subjects);
  const permits = await configurePermits(ctx, wish);
  checkPairs(flags);
  return {
    name,
    description: flags.description,
    subjects,
    ...shape,
    max_consumers: flags["max-consumers"],
    ...limits,
    first_seq: flags["first-sequence"],
    no_ack: !flags.ack,
    ...permits,
    sealed: false,
    ...(await configureReplication(ctx, flags)),
    ...configureOptions(flags),
  };
}

async function configureSubjects(ctx: NatsContext, wish: StreamWish): Promise<string[]> {
  const { flags } = wish;
  const copies = flags.mirror !== "" || flags.source.length > 0;
  if (flags.mirror !== "" && flags.subjects.length > 0) {
    throw new CommandError("mirrors cannot listen for messages on subjects");
  }
  if (copies) return [...flags.subjects];
  if (flags.subjects.length > 0) return splitSubjects(flags.subjects);
  return splitList(await invalid(ask(ctx, { message: "Subjects", hasHelp: true, required: true })));
}

type Shape = Pick<
  StreamConfig,
  "storage" | "compression" | "num_replicas" | "retention" | "discard"
>;

async function configureShape(ctx: NatsContext, wish: StreamWish): Promise<Shape> {
  const { flags } = wish;
  const preset = (text: string) => (flags.defaults ? text : "");
  const storage =
    flags.storage ||
    preset("file") ||
    (await invalid(
      choose(ctx, { message: "Storage", options: ["file", "memory"], hasHelp: true }),
    ));
  const replicas =
    flags.replicas || (flags.defaults ? 1 : await askInteger(ctx, "Replication", "1"));
  if (replicas <= 0) throw new CommandError("replicas should be >= 1");
  const retention =
    flags.retention ||
    preset("limits") ||
    (await invalid(
      choose(ctx, {
        message: "Retention Policy",
        options: ["Limits", "Interest", "Work Queue"],
        preset: "Limits",
        hasHelp: true,
      }),
    ));
  const discard =
    flags.discard ||
    preset("old") ||
    (await invalid(
      choose(ctx, {
        message: "Discard Policy",
        options: ["New", "Old"],
        preset: "Old",
        hasHelp: true,
      }),
    ));
  return {
    storage: storage.startsWith("m") ? "memory" : "file",
    compression: flags.compression || "none",
    num_replicas: replicas,
    retention: retentionName(retention),
    discard: discard.toLowerCase(),
  };
}

/** The wire's name of a retention policy as flags and lists spell it. */
export function retentionName(text: string): string {
  const lower = text.toLowerCase();
  return lower.startsWith("work") ? "workqueue" : lower;
}

async function askInteger(ctx: NatsContext, message: string, preset: string): Promise<number> {
  const text = await invalid(askNumber(ctx, { message, preset, required: true, hasHelp: true }));
  if (/^[-+]?\d+$/.test(text)) return Number(text);
  const quoted = JSON.stringify(text);
  throw new CommandError(`invalid input: strconv.Atoi: parsing ${quoted}: invalid syntax`);
}

type Limits = Pick<
  StreamConfig,
  | "max_msgs"
  | "max_msgs_per_subject"
  | "max_bytes"
  | "max_age"
  | "max_msg_size"
  | "duplicate_window"
>;

const unlimited = (value: number): number => (value <= 0 ? -1 : value);

async function configureLimits(
  ctx: NatsContext,
  wish: StreamWish,
  subjects: readonly string[],
): Promise<Limits> {
  const { flags } = wish;
  const asks = !flags.defaults;
  const count = async (value: number, message: string) =>
    value !== 0 ? value : asks ? unlimited(await askInteger(ctx, message, "-1")) : -1;
  const messages = await count(flags["max-msgs"], "Stream Messages Limit");
  const asksPerSubject = subjects.length > 0 || flags.defaults;
  const perSubject = asksPerSubject
    ? await count(flags["max-msgs-per-subject"], "Per Subject Messages Limit")
    : flags["max-msgs-per-subject"];
  const bytes = unlimited(await configureBytes(ctx, wish));
  const ageText =
    flags["max-age"] ||
    (asks
      ? await invalid(ask(ctx, { message: "Message TTL", hasHelp: true, preset: "-1" }))
      : "-1");
  const age =
    ageText === "-1" ? 0 : await orFail("invalid maximum age limit format", parsed(ageText));
  const size = await configureMessageSize(ctx, wish);
  return {
    max_msgs: messages,
    max_msgs_per_subject: perSubject,
    max_bytes: bytes,
    max_age: age,
    max_msg_size: size,
    duplicate_window: await configureWindow(ctx, wish, age),
  };
}

async function parsed(text: string): Promise<number> {
  return parseDuration(text);
}

const sizeReminder = "MaxBytes is required per Account Settings";

async function configureBytes(ctx: NatsContext, wish: StreamWish): Promise<number> {
  const text = wish.flags["max-bytes"];
  if (text !== "") return parseBytes(text, 32);
  if (wish.flags.defaults) return wish.requireSize ? 256 * 1024 * 1024 : -1;
  const preset = wish.requireSize ? "256MB" : "-1";
  for (;;) {
    const typed = await invalid(
      askNumber(ctx, { message: "Total Stream Size", hasHelp: true, preset, required: true }),
    );
    const bytes = await invalid(typedBytes(typed));
    if (!wish.requireSize || bytes > 0) return bytes;
    await ctx.process.write(`${sizeReminder}\n`);
  }
}

/** Bytes as typed at a prompt, where -1 is no limit. */
async function typedBytes(text: string): Promise<number> {
  return text === "-1" ? 0 : parseBytes(text, 64);
}

async function configureMessageSize(ctx: NatsContext, wish: StreamWish): Promise<number> {
  const text = wish.flags["max-msg-size"];
  if (text !== "") return parseBytes(text, 32) || -1;
  if (wish.flags.defaults) return -1;
  const message = "Max Message Size";
  const typed = await invalid(
    askNumber(ctx, { message, preset: "-1", required: true, hasHelp: true }),
  );
  return (await invalid(typedBytes(typed))) || -1;
}

const twoMinutes = 120e9;

async function configureWindow(ctx: NatsContext, wish: StreamWish, age: number): Promise<number> {
  const { flags } = wish;
  let text = flags["dupe-window"];
  if (text === "" && flags.mirror === "") {
    const preset = goDuration(age > 0 && age < twoMinutes ? age : twoMinutes);
    const message = "Duplicate tracking time window";
    text = flags.defaults ? preset : await invalid(ask(ctx, { message, preset, hasHelp: true }));
  }
  return text === "" ? 0 : orFail("invalid duplicate window format", parsed(text));
}

type Permits = Pick<StreamConfig, "allow_rollup_hdrs" | "deny_delete" | "deny_purge">;

async function configurePermits(ctx: NatsContext, wish: StreamWish): Promise<Permits> {
  const { flags, given } = wish;
  const asks = (name: string) => !flags.defaults && !given.has(name);
  const rollup = asks("allow-rollup")
    ? await invalid(confirm(ctx, "Allow message Roll-ups", false))
    : flags["allow-rollup"];
  const noDelete = asks("deny-delete")
    ? !(await invalid(confirm(ctx, "Allow message deletion", true)))
    : flags["deny-delete"];
  const noPurge = asks("deny-purge")
    ? !(await invalid(confirm(ctx, "Allow purging subjects or the entire stream", true)))
    : flags["deny-purge"];
  return { allow_rollup_hdrs: rollup, deny_delete: noDelete, deny_purge: noPurge };
}

type PairFlags = Pick<
  FlagValues<typeof createFlags>,
  | "republish-source"
  | "republish-destination"
  | "republish-headers"
  | "transform-source"
  | "transform-destination"
>;

/** Throws CommandError when one half of a pair of flags is missing. */
export function checkPairs(flags: PairFlags): void {
  const headersOnly = flags["republish-headers"];
  const note = headersOnly ? " when using --headers-only" : "";
  const refuse = (kind: string): never => {
    throw new CommandError(`must specify both --${kind}-source and --${kind}-destination${note}`);
  };
  const from = flags["republish-source"] !== "";
  const to = flags["republish-destination"] !== "";
  if (from !== to || (headersOnly && !(from && to))) refuse("republish");
  if ((flags["transform-source"] !== "") !== (flags["transform-destination"] !== "")) {
    refuse("transform");
  }
}

/** A source as flags give it: its name, or a JSON object. Throws CommandError. */
export function parseSource(text: string): StreamSource {
  const trimmed = text.trim();
  if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) return { name: text };
  let source: StreamSource;
  try {
    source = JSON.parse(trimmed) as StreamSource;
  } catch {
    throw new CommandError("invalid source: invalid JSON");
  }
  if (!source.name) throw new CommandError("invalid source: name is required");
  return source;
}

/** A source as given; by its name alone it may be asked about. */
async function configureSource(
  ctx: NatsContext,
  text: string,
  { kind, asks }: { readonly kind: "mirror" | "source"; readonly asks: boolean },
): Promise<StreamSource> {
  const source = parseSource(text);
  return asks && source.name === text ? askOrigin(ctx, text, kind) : source;
}

async function configureReplication(
  ctx: NatsContext,
  flags: StreamWish["flags"],
): Promise<Pick<StreamConfig, "mirror" | "sources" | "placement">> {
  const tags = [...flags.tag, ...flags.tags];
  const isPlaced = flags.cluster !== "" || tags.length > 0;
  const asks = !flags.defaults;
  const mirror =
    flags.mirror === "" ? null : await configureSource(ctx, flags.mirror, { kind: "mirror", asks });
  const sources: StreamSource[] = [];
  for (const text of flags.source) {
    sources.push(await configureSource(ctx, text, { kind: "source", asks }));
  }
  return {
    ...(mirror ? { mirror } : {}),
    ...(sources.length > 0 ? { sources } : {}),
    ...(isPlaced ? { placement: { cluster: flags.cluster, tags } } : {}),
  };
}

function configureOptions(flags: FlagValues<typeof createFlags>) {
  const inactive = flags["limit-consumer-inactive"];
  const pending = flags["limit-consumer-max-pending"];
  const transform = flags["transform-source"] !== "" && {
    subject_transform: {
      src: flags["transform-source"],
      dest: flags["transform-destination"],
    },
  };
  const republish = flags["republish-source"] !== "" && {
    republish: {
      src: flags["republish-source"],
      dest: flags["republish-destination"],
      headers_only: flags["republish-headers"],
    },
  };
  return {
    allow_direct: flags["allow-direct"],
    mirror_direct: flags["allow-mirror-direct"],
    discard_new_per_subject: flags["discard-per-subject"],
    allow_msg_ttl: flags["allow-msg-ttl"],
    subject_delete_marker_ttl: flags["subject-del-markers-ttl"],
    allow_atomic: flags["allow-batch"],
    allow_batched: flags["allow-fast"],
    allow_msg_counter: flags["allow-counter"],
    allow_msg_schedules: flags["allow-schedules"],
    persist_mode: flags["persist-mode"] === "async" ? "async" : "default",
    consumer_limits: {
      ...(inactive > 0 ? { inactive_threshold: inactive } : {}),
      ...(pending > 0 ? { max_ack_pending: pending } : {}),
    },
    ...(Object.keys(flags.metadata).length > 0 ? { metadata: userMetadata(flags.metadata) } : {}),
    ...transform,
    ...republish,
  };
}

/** Labels without those of the server. Source: jsm.go v0.4.1 `FilterServerMetadata`. */
export function userMetadata(
  metadata: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const entries = Object.entries(metadata ?? {}).filter(([key]) => !key.startsWith("_nats."));
  return Object.fromEntries(entries);
}
