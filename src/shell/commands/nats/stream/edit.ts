// nats stream edit: changes the configuration of a stream, after showing what changes.

import { type DiffField, fieldOf, goDiff } from "../../../render/go-diff.ts";
import { goStruct } from "../../../render/json.ts";
import { apiRequest, requireApiLevel } from "../api.ts";
import { loadStream } from "../choose.ts";
import { natsCommand, printLine, writeTags } from "../context.ts";
import { orFail } from "../failures.ts";
import { isConfirmed } from "../prompts.ts";
import type { StreamConfig } from "../wire.ts";
import { streamConfigFields } from "../wire-fields.ts";
import { checkSizes, userMetadata } from "./configure.ts";
import { streamApiLevel } from "./create.ts";
import { editedConfig } from "./edited.ts";
import { editingFlags, refuseEditor, showChanges } from "./editing.ts";
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
    ...editingFlags,
    ...streamFlags,
    ...editOnlyFlags,
  },
  async run(ctx, { args, flags, given }) {
    checkSizes(flags);
    const info = await pickStream(ctx, args.stream, { force: flags.force });
    const { name } = info.config;
    const before: StreamConfig = { ...info.config, metadata: userMetadata(info.config.metadata) };
    const failure = `could not create new configuration for Stream ${name}`;
    refuseEditor(failure, flags);
    const copy = withoutEmptyMetadata(before);
    const after = await orFail(failure, editedConfig(ctx, copy, { flags, given }));
    const report = goDiff("api.StreamConfig", diffFields, {
      before: { ...before },
      after: { ...after },
    });
    if (!(await showChanges(ctx, report, flags))) return 0;
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
const pointer = (name: string, wire: string, type: string): DiffField => ({
  name,
  wire,
  kind: "pointer",
  type,
});

/** Fields in the order of jsm.go v0.4.1 `api.StreamConfig`. */
const diffFields: readonly DiffField[] = [
  fieldOf("Name", "name", "text"),
  fieldOf("Description", "description", "text"),
  fieldOf("Subjects", "subjects", "strings"),
  named("Retention", "retention"),
  fieldOf("MaxConsumers", "max_consumers", "number"),
  fieldOf("MaxMsgsPer", "max_msgs_per_subject", "number"),
  fieldOf("MaxMsgs", "max_msgs", "number"),
  fieldOf("MaxBytes", "max_bytes", "number"),
  fieldOf("MaxAge", "max_age", "duration"),
  fieldOf("MaxMsgSize", "max_msg_size", "number"),
  named("Storage", "storage"),
  named("Discard", "discard"),
  fieldOf("Replicas", "num_replicas", "number"),
  fieldOf("NoAck", "no_ack", "bool"),
  fieldOf("Duplicates", "duplicate_window", "duration"),
  pointer("Placement", "placement", "api.Placement"),
  pointer("Mirror", "mirror", "api.StreamSource"),
  pointer("Sources", "sources", "[]*api.StreamSource"),
  named("Compression", "compression"),
  pointer("SubjectTransform", "subject_transform", "api.SubjectTransformConfig"),
  pointer("RePublish", "republish", "api.RePublish"),
  fieldOf("Sealed", "sealed", "bool"),
  fieldOf("DenyDelete", "deny_delete", "bool"),
  fieldOf("DenyPurge", "deny_purge", "bool"),
  fieldOf("RollupAllowed", "allow_rollup_hdrs", "bool"),
  fieldOf("AllowDirect", "allow_direct", "bool"),
  fieldOf("MirrorDirect", "mirror_direct", "bool"),
  fieldOf("DiscardNewPer", "discard_new_per_subject", "bool"),
  fieldOf("FirstSeq", "first_seq", "number"),
  fieldOf("Metadata", "metadata", "map"),
  fieldOf("AllowMsgTTL", "allow_msg_ttl", "bool"),
  fieldOf("SubjectDeleteMarkerTTL", "subject_delete_marker_ttl", "duration"),
  { ...pointer("ConsumerLimits", "consumer_limits", "api.StreamConsumerLimits"), kind: "struct" },
  fieldOf("AllowAtomicPublish", "allow_atomic", "bool"),
  fieldOf("AllowMsgCounter", "allow_msg_counter", "bool"),
  fieldOf("AllowMsgSchedules", "allow_msg_schedules", "bool"),
  { ...named("PersistMode", "persist_mode"), title: (v) => (v === "async" ? "Async" : "Default") },
  fieldOf("AllowBatchPublish", "allow_batched", "bool"),
];
