// A stream's configuration with flags applied on top of it.
// Source of what each flag replaces: natscli v0.4.0 `copyAndEditStream`.

import type { FlagValues } from "../../../grammar/define.ts";
import { parseDuration } from "../../../grammar/durations.ts";
import { CommandError } from "../../../grammar/errors.ts";
import type { NatsContext } from "../context.ts";
import { orFail } from "../failures.ts";
import { parseBytes, splitSubjects } from "../sizes.ts";
import type { Placement, StreamConfig } from "../wire.ts";
import { checkPairs, retentionName } from "./configure.ts";
import { readStreamConfig } from "./file.ts";
import type { editOnlyFlags, streamFlags } from "./flags.ts";

export interface StreamEdit {
  readonly flags: FlagValues<typeof streamFlags & typeof editOnlyFlags> & {
    readonly config: string;
    readonly storage?: string;
  };
  readonly given: ReadonlySet<string>;
}

type Changes = { -readonly [K in keyof StreamConfig]?: StreamConfig[K] };

/** Throws CommandError for what cannot be read or cannot be edited this way. */
export async function editedConfig(
  ctx: NatsContext,
  config: StreamConfig,
  edit: StreamEdit,
): Promise<StreamConfig> {
  const { flags } = edit;
  if (flags.config !== "") {
    const file = await readStreamConfig(ctx, flags.config);
    return { ...file, name: config.name };
  }
  checkPairs(flags);
  if (flags.source.length > 0 || flags.mirror !== "") {
    throw new CommandError("cannot edit mirrors, or sources using the CLI, use --config instead");
  }
  const changes: Changes = { ...textChanges(edit), ...(await limitChanges(edit)) };
  Object.assign(changes, switchChanges(edit));
  const { placement, mirror, subject_transform: transform, ...rest } = config;
  const place = editedPlacement(placement, edit);
  return {
    ...rest,
    ...(place ? { placement: place } : {}),
    ...(mirror && !flags["no-mirror"] ? { mirror } : {}),
    ...(transform && !flags["no-transform"] ? { subject_transform: transform } : {}),
    ...changes,
  };
}

function textChanges({ flags, given }: StreamEdit): Changes {
  const changes: Changes = {};
  if (flags.discard !== "") changes.discard = flags.discard;
  if (flags.subjects.length > 0) changes.subjects = splitSubjects(flags.subjects);
  if (flags.storage) changes.storage = flags.storage.startsWith("m") ? "memory" : "file";
  if (flags.retention !== "") changes.retention = retentionName(flags.retention);
  if (flags.description !== "") changes.description = flags.description;
  if (given.has("metadata")) changes.metadata = flags.metadata;
  if (given.has("compression")) changes.compression = flags.compression;
  const { "republish-source": from, "republish-destination": to } = flags;
  if (!flags["no-republish"] && from !== "" && to !== "") {
    changes.republish = { src: from, dest: to, headers_only: flags["republish-headers"] };
  }
  const { "transform-source": src, "transform-destination": dest } = flags;
  if (!flags["no-transform"] && src !== "") changes.subject_transform = { src, dest };
  return changes;
}

async function limitChanges({ flags }: StreamEdit): Promise<Changes> {
  const changes: Changes = {};
  const duration = async (text: string) => parseDuration(text);
  if (flags["max-bytes"] !== "") changes.max_bytes = parseBytes(flags["max-bytes"], 32);
  if (flags["max-msgs"] !== 0) changes.max_msgs = flags["max-msgs"];
  if (flags["max-msgs-per-subject"] !== 0) {
    changes.max_msgs_per_subject = flags["max-msgs-per-subject"];
  }
  if (flags["max-age"] !== "") {
    changes.max_age = await orFail("invalid maximum age limit format", duration(flags["max-age"]));
  }
  if (flags["max-msg-size"] !== "") {
    changes.max_msg_size = parseBytes(flags["max-msg-size"], 32);
  }
  if (flags["max-consumers"] !== -1) changes.max_consumers = flags["max-consumers"];
  if (flags["dupe-window"] !== "") {
    const window = await orFail("invalid duplicate window", duration(flags["dupe-window"]));
    changes.duplicate_window = window;
  }
  if (flags.replicas !== 0) changes.num_replicas = flags.replicas;
  return changes;
}

function switchChanges({ flags, given }: StreamEdit): Changes {
  const changes: Changes = { no_ack: !flags.ack };
  if (given.has("allow-rollup")) changes.allow_rollup_hdrs = flags["allow-rollup"];
  if (given.has("deny-purge")) changes.deny_purge = flags["deny-purge"];
  if (given.has("deny-delete")) changes.deny_delete = flags["deny-delete"];
  if (given.has("allow-direct")) changes.allow_direct = flags["allow-direct"];
  if (given.has("allow-mirror-direct")) changes.mirror_direct = flags["allow-mirror-direct"];
  if (given.has("allow-schedules")) changes.allow_msg_schedules = flags["allow-schedules"];
  if (flags["allow-msg-ttl"]) changes.allow_msg_ttl = true;
  if (given.has("allow-batch")) changes.allow_atomic = flags["allow-batch"];
  if (given.has("allow-fast")) changes.allow_batched = flags["allow-fast"];
  if (given.has("allow-counter")) changes.allow_msg_counter = flags["allow-counter"];
  if (given.has("discard-per-subject")) {
    changes.discard_new_per_subject = flags["discard-per-subject"];
  }
  if (given.has("subject-del-markers-ttl")) {
    changes.subject_delete_marker_ttl = flags["subject-del-markers-ttl"];
  }
  return changes;
}

/** An empty text given takes a constraint away; without any the placement goes. */
function editedPlacement(
  before: Placement | undefined,
  { flags, given }: StreamEdit,
): Placement | null {
  const cluster = given.has("cluster") ? flags.cluster : (before?.cluster ?? "");
  const wanted = [...flags.tag, ...flags.tags].filter((tag) => tag !== "");
  const isTagged = given.has("tag") || given.has("tags");
  const tags = isTagged ? wanted : (before?.tags ?? []);
  if (cluster === "" && tags.length === 0) return null;
  return { ...(cluster ? { cluster } : {}), ...(tags.length > 0 ? { tags } : {}) };
}
