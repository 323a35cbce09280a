/**
 * The rules of a stream configuration, in the server's order and with its texts: what is filled
 * in, what is corrected, what is refused.
 * Source: nats-server `server/stream.go` `checkStreamCfgLocked`.
 */
import { isValidSubject, subjectsCollide } from "../../../protocol/index.ts";
import { ApiError } from "../../errors.ts";
import { formatGoDuration } from "../../go-duration.ts";
import { type Int64, int64ToNumber } from "../../int64.ts";
import { utf8Length } from "../store/utf8-length.ts";
import {
  type ConfigContext,
  type Draft,
  invalidConfig,
  mappingRefusal,
  pedanticRefusal,
  transformRefusal,
} from "./config-draft.ts";
import { isAssetName } from "./config-names.ts";
import type { StreamConfig } from "./config-shape.ts";
import { checkMirror, checkOrigins } from "./config-sources.ts";
import { checkSubjects } from "./config-subjects.ts";

const replicasMax = 5;
const descriptionMax = 4 * 1024;
const metadataMax = 128 * 1024;
const nameMax = 255;
const millisecond = 1_000_000;
const second = 1_000_000_000;
const duplicatesDefault = 120 * second;

/**
 * The configuration as it will be stored. Throws `ApiError` where the server refuses. `pedantic`
 * refuses what would else be corrected silently.
 */
export function checkStreamConfig(
  config: StreamConfig,
  context: ConfigContext,
  pedantic: boolean,
): StreamConfig {
  checkNames(config);
  const draft: Draft = { ...config };
  fillNumbers(draft, pedantic);
  checkAges(draft, context, pedantic);
  checkPermissions(draft);
  checkMarkers(draft, pedantic);
  checkSchedules(draft, pedantic);
  checkPersistence(draft);
  const prefixes = { api: [], deliver: [], subjects: [] };
  if (draft.mirror !== null) checkMirror(draft, context, { pedantic, prefixes });
  checkOrigins(draft, context, prefixes);
  checkSubjects(draft);
  const { required, limit } = context.bytesLimits(draft);
  const bytes = int64ToNumber(draft.max_bytes);
  if (required && bytes <= 0) throw new ApiError("JSStreamMaxBytesRequired");
  if (limit > 0 && bytes > limit) throw new ApiError("JSStreamMaxStreamBytesExceeded");
  checkTransforms(draft, pedantic);
  checkPlacement(draft);
  return Object.freeze(draft);
}

function checkNames(config: StreamConfig): void {
  if (!isAssetName(config.name)) {
    throw invalidConfig("stream name is required and can not contain '.', '*', '>', '\\', '/'");
  }
  if (utf8Length(config.name) > nameMax) {
    throw invalidConfig(`stream name is too long, maximum allowed is ${nameMax}`);
  }
  if (utf8Length(config.description) > descriptionMax) {
    throw invalidConfig(`stream description is too long, maximum allowed is ${descriptionMax}`);
  }
  let size = 0;
  for (const [key, value] of Object.entries(config.metadata ?? {})) {
    size += utf8Length(key) + utf8Length(value);
  }
  if (size > metadataMax) {
    throw invalidConfig(`stream metadata exceeds maximum size of ${metadataMax} bytes`);
  }
}

function fillNumbers(draft: Draft, pedantic: boolean): void {
  if (draft.num_replicas === 0) draft.num_replicas = 1;
  if (draft.num_replicas > replicasMax) {
    throw invalidConfig(`maximum replicas is ${replicasMax}`);
  }
  if (draft.num_replicas < 0) throw new ApiError("JSReplicasCountCannotBeNegative");
  draft.max_msgs = unlimited(draft.max_msgs, "max_msgs", pedantic);
  draft.max_msgs_per_subject = unlimited(
    draft.max_msgs_per_subject,
    "max_msgs_per_subject",
    pedantic,
  );
  draft.max_bytes = unlimited(draft.max_bytes, "max_bytes", pedantic);
  draft.max_msg_size = unlimited(draft.max_msg_size, "max_msg_size", pedantic);
  draft.max_consumers = unlimited(draft.max_consumers, "max_consumers", pedantic);
}

/** Zero and everything below -1 mean without limit. */
function unlimited<T extends Int64>(value: T, field: string, pedantic: boolean): T | -1 {
  const number = int64ToNumber(value);
  if (number > 0 || number === -1) return value;
  if (pedantic && number < -1) throw pedanticRefusal(`${field} must be set to -1`);
  return -1;
}

function checkAges(draft: Draft, context: ConfigContext, pedantic: boolean): void {
  const age = int64ToNumber(draft.max_age);
  if (age < 0) throw invalidConfig("max age can not be negative");
  if (age !== 0 && age < 100 * millisecond) throw invalidConfig("max age needs to be >= 100ms");
  const isCopy = draft.mirror !== null || draft.sources.length > 0;
  if (int64ToNumber(draft.duplicate_window) === 0 && !isCopy) {
    draft.duplicate_window = defaultWindow(draft, context, pedantic);
  }
  const window = int64ToNumber(draft.duplicate_window);
  if (window < 0) throw invalidConfig("duplicates window can not be negative");
  if (age !== 0 && window > age) {
    throw invalidConfig("duplicates window can not be larger then max age");
  }
  if (context.duplicatesMax > 0 && window > context.duplicatesMax) {
    const limit = formatGoDuration(context.duplicatesMax);
    throw invalidConfig(`duplicates window can not be larger then server limit of ${limit}`);
  }
  if (window > 0 && window < 100 * millisecond) {
    throw invalidConfig("duplicates window needs to be >= 100ms");
  }
}

function defaultWindow(draft: Draft, context: ConfigContext, pedantic: boolean): Int64 {
  let window = duplicatesDefault;
  if (context.duplicatesMax > 0 && window > context.duplicatesMax) {
    if (pedantic) {
      throw pedanticRefusal("duplicate window limits are higher than current limits");
    }
    window = context.duplicatesMax;
  }
  const age = int64ToNumber(draft.max_age);
  if (age === 0 || age >= window) return window;
  if (pedantic) throw pedanticRefusal("duplicate window cannot be bigger than max age");
  return draft.max_age;
}

function checkPermissions(draft: Draft): void {
  if (draft.deny_purge && draft.allow_rollup_hdrs) {
    throw invalidConfig("roll-ups require the purge permission");
  }
  if (draft.allow_msg_counter) checkCounter(draft);
  checkDiscardNewPerSubject(draft);
}

function checkCounter(draft: Draft): void {
  if (draft.discard === "new") throw invalidConfig("counter stream cannot use discard new");
  if (draft.allow_msg_ttl) throw invalidConfig("counter stream cannot use message TTLs");
  if (draft.allow_msg_schedules) {
    throw invalidConfig("counter stream cannot use message schedules");
  }
  if (draft.retention !== "limits") {
    throw invalidConfig("counter stream can only use limits retention");
  }
}

/** Asked again when a configuration is updated. */
export function checkDiscardNewPerSubject(config: StreamConfig): void {
  if (!config.discard_new_per_subject) return;
  if (config.discard !== "new") {
    throw invalidConfig("discard new per subject requires discard new policy to be set");
  }
  if (int64ToNumber(config.max_msgs_per_subject) <= 0) {
    throw invalidConfig("discard new per subject requires max msgs per subject > 0");
  }
}

function checkMarkers(draft: Draft, pedantic: boolean): void {
  const ttl = int64ToNumber(draft.subject_delete_marker_ttl);
  if (ttl < 0) throw invalidConfig("subject delete marker TTL must not be negative");
  if (ttl === 0) return;
  if (ttl < second) throw invalidConfig("subject delete marker TTL must be at least 1 second");
  if (!draft.allow_msg_ttl) {
    if (pedantic) {
      throw invalidConfig("subject delete marker cannot be set if message TTLs are disabled");
    }
    draft.allow_msg_ttl = true;
  }
  allowRollups(draft, pedantic, "subject delete marker cannot be set if roll-ups are disabled");
}

function checkSchedules(draft: Draft, pedantic: boolean): void {
  if (!draft.allow_msg_schedules) return;
  if (draft.discard === "new") throw invalidConfig("message scheduling cannot use discard new");
  allowRollups(draft, pedantic, "message scheduling cannot be set if roll-ups are disabled");
}

function allowRollups(draft: Draft, pedantic: boolean, refusal: string): void {
  if (draft.allow_rollup_hdrs) return;
  if (pedantic) throw invalidConfig(refusal);
  draft.allow_rollup_hdrs = true;
  draft.deny_purge = false;
}

function checkPersistence(draft: Draft): void {
  if (draft.persist_mode !== "async") return;
  if (draft.storage !== "file") {
    throw invalidConfig("async persist mode is only supported on file storage");
  }
  if (draft.num_replicas > 1) {
    throw invalidConfig("async persist mode is not supported on replicated streams");
  }
  if (draft.allow_atomic) {
    throw invalidConfig("async persist mode is not supported with atomic batch publish");
  }
}

function checkTransforms(draft: Draft, pedantic: boolean): void {
  const transform = draft.subject_transform;
  if (transform !== null) {
    checkTransformSource(transform.src);
    const refusal = mappingRefusal(transform.src, transform.dest);
    if (refusal !== null)
      throw new ApiError("JSStreamTransformInvalidDestination", { err: refusal });
  }
  if (draft.republish !== null) checkRepublish(draft, pedantic);
}

function checkTransformSource(source: string): void {
  if (source !== "" && !isValidSubject(source)) {
    throw new ApiError("JSStreamTransformInvalidSource", { err: `invalid subject ${source}` });
  }
}

function checkRepublish(draft: Draft, pedantic: boolean): void {
  const { republish, subject_transform: transform, subjects } = draft;
  if (republish === null) return;
  let { src = "", dest } = republish;
  if (src === "") {
    if (pedantic) throw pedanticRefusal("republish source can not be empty");
    src = ">";
  }
  const isImplicit = dest === ">" && src === ">" && subjects.length === 1;
  if (isImplicit && transform !== null && transform.src === subjects[0]) {
    if (pedantic) throw pedanticRefusal("implicit republish based on subject transform");
    src = transform.dest;
    dest = transform.dest;
  }
  draft.republish = { ...republish, src, dest };
  if (subjects.some((subject) => subjectsCollide(dest, subject))) {
    throw invalidConfig("stream configuration for republish destination forms a cycle");
  }
  if (transformRefusal(src, dest) !== null) {
    throw invalidConfig(
      `stream configuration for republish with transform from '${src}' to '${dest}' not valid`,
    );
  }
}

function checkPlacement(draft: Draft): void {
  const { placement } = draft;
  if (placement === null) return;
  const { cluster = "", tags, preferred = "" } = placement;
  // A list without tags is not the same as no list.
  if (cluster === "" && tags === undefined && preferred === "") {
    draft.placement = null;
  } else if (preferred !== "") {
    throw invalidConfig("preferred server not permitted in placement");
  }
}
