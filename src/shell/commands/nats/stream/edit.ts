// nats stream edit: changes the configuration of a stream, after showing what changes.

import { CommandError, ExitError } from "../../../grammar/errors.ts";
import { type DiffField, goDiff } from "../../../render/go-diff.ts";
import { goStruct } from "../../../render/json.ts";
import { apiRequest, requireApiLevel } from "../api.ts";
import { loadStream } from "../choose.ts";
import { type NatsContext, natsCommand, printLine, writeTags } from "../context.ts";
import { orFail } from "../failures.ts";
import { confirm } from "../prompts.ts";
import type { StreamConfig } from "../wire.ts";
import { streamConfigFields } from "../wire-fields.ts";
import { checkSizes, userMetadata } from "./configure.ts";
import { streamApiLevel } from "./create.ts";
import { editedConfig } from "./edited.ts";
import { editOnlyFlags, streamFlags } from "./flags.ts";
import { pickStream } from "./pick.ts";
import { warnAboutBucket } from "./remove.ts";
import { showStream, titleOf } from "./show.ts";

export const streamEdit = natsCommand({
  path: "edit",
  aliases: ["update"],
  tags: writeTags,
  help: "Change the configuration of a stream",
  args: { stream: { help: "The stream" } },
  flags: {
    config: { help: "Take the configuration from this JSON file", type: "file" },
    force: { help: "Do not ask", type: "switch", short: "f" },
    interactive: { help: "Change it in an editor", type: "bool", short: "i" },
    "dry-run": { help: "Only show what would change", type: "switch" },
    ...streamFlags,
    ...editOnlyFlags,
  },
  async run(ctx, { args, flags, given }) {
    checkSizes(flags);
    const info = await pickStream(ctx, args.stream, { force: flags.force });
    const { name } = info.config;
    const before: StreamConfig = { ...info.config, metadata: userMetadata(info.config.metadata) };
    const failure = `could not create new configuration for Stream ${name}`;
    if (flags.interactive) {
      throw new CommandError(`${failure}: set EDITOR environment variable to your chosen editor`);
    }
    const copy = withoutEmptyMetadata(before);
    const after = await orFail(failure, editedConfig(ctx, copy, { flags, given }));
    const report = goDiff("api.StreamConfig", diffFields, {
      before: { ...before },
      after: { ...after },
    });
    if (report === "") {
      if (!flags["dry-run"]) await printLine(ctx, "No difference in configuration");
      return 0;
    }
    await ctx.process.write(`Differences (-old +new):\n${report}`);
    if (flags["dry-run"]) throw new ExitError(1);
    if (name.startsWith("KV_")) await warnAboutBucket(ctx);
    if (!flags.force && !(await isConfirmed(ctx, `Really edit Stream ${name}`))) return 0;
    if (after.allow_atomic) {
      await requireApiLevel(ctx, 2, "Atomic Batch Publishing requires NATS Server 2.12");
    }
    if (after.allow_msg_counter) {
      await requireApiLevel(ctx, 2, "Distributed Counters requires NATS Server 2.12");
    }
    const body = goStruct({ ...after }, streamConfigFields);
    const level = streamApiLevel(after);
    await orFail(
      `could not edit Stream ${name}`,
      apiRequest(ctx, `STREAM.UPDATE.${name}`, body, { level }),
    );
    if (!flags.json) await printLine(ctx, `Stream ${name} was updated\n`);
    await showStream(ctx, await loadStream(ctx, name), { json: flags.json, stateOnly: false });
    return 0;
  },
});

function isConfirmed(ctx: NatsContext, question: string): Promise<boolean> {
  return orFail("could not obtain confirmation", confirm(ctx, question, false));
}

/** An empty map does not survive Go's copy through JSON: it becomes nil, which is shown. */
function withoutEmptyMetadata({ metadata, ...config }: StreamConfig): StreamConfig {
  return Object.keys(metadata ?? {}).length > 0 ? { ...config, metadata: metadata ?? {} } : config;
}

const named = (name: string, wire: string): DiffField => ({
  name,
  wire,
  kind: "named",
  title: (value) => (value === "none" || value === "" ? "None" : titleOf(value)),
});
const of = (name: string, wire: string, kind: DiffField["kind"]): DiffField => ({
  name,
  wire,
  kind,
});
const pointer = (name: string, wire: string, type: string): DiffField => ({
  name,
  wire,
  kind: "pointer",
  type,
});

/** Fields in the order of jsm.go v0.4.1 `api.StreamConfig`. */
const diffFields: readonly DiffField[] = [
  of("Name", "name", "text"),
  of("Description", "description", "text"),
  of("Subjects", "subjects", "strings"),
  named("Retention", "retention"),
  of("MaxConsumers", "max_consumers", "number"),
  of("MaxMsgsPer", "max_msgs_per_subject", "number"),
  of("MaxMsgs", "max_msgs", "number"),
  of("MaxBytes", "max_bytes", "number"),
  of("MaxAge", "max_age", "duration"),
  of("MaxMsgSize", "max_msg_size", "number"),
  named("Storage", "storage"),
  named("Discard", "discard"),
  of("Replicas", "num_replicas", "number"),
  of("NoAck", "no_ack", "bool"),
  of("Duplicates", "duplicate_window", "duration"),
  pointer("Placement", "placement", "api.Placement"),
  pointer("Mirror", "mirror", "api.StreamSource"),
  pointer("Sources", "sources", "[]*api.StreamSource"),
  named("Compression", "compression"),
  pointer("SubjectTransform", "subject_transform", "api.SubjectTransformConfig"),
  pointer("RePublish", "republish", "api.RePublish"),
  of("Sealed", "sealed", "bool"),
  of("DenyDelete", "deny_delete", "bool"),
  of("DenyPurge", "deny_purge", "bool"),
  of("RollupAllowed", "allow_rollup_hdrs", "bool"),
  of("AllowDirect", "allow_direct", "bool"),
  of("MirrorDirect", "mirror_direct", "bool"),
  of("DiscardNewPer", "discard_new_per_subject", "bool"),
  of("FirstSeq", "first_seq", "number"),
  of("Metadata", "metadata", "map"),
  of("AllowMsgTTL", "allow_msg_ttl", "bool"),
  of("SubjectDeleteMarkerTTL", "subject_delete_marker_ttl", "duration"),
  { ...pointer("ConsumerLimits", "consumer_limits", "api.StreamConsumerLimits"), kind: "struct" },
  of("AllowAtomicPublish", "allow_atomic", "bool"),
  of("AllowMsgCounter", "allow_msg_counter", "bool"),
  of("AllowMsgSchedules", "allow_msg_schedules", "bool"),
  { ...named("PersistMode", "persist_mode"), title: (v) => (v === "async" ? "Async" : "Default") },
  of("AllowBatchPublish", "allow_batched", "bool"),
];
