/** Mirrors and sources in a configuration. Source: nats-server `checkStreamCfgLocked`. */
import {
  isSubsetOf,
  isValidPublishSubject,
  isValidSubject,
  shortHash,
  subjectsCollide,
} from "../../../protocol/index.ts";
import { ApiError, type ApiErrorName } from "../../errors.ts";
import { encodeGoQuote } from "../../go-quote.ts";
import { int64ToNumber } from "../../int64.ts";
import {
  type ConfigContext,
  type Draft,
  invalidConfig,
  mappingRefusal,
  pedanticRefusal,
} from "./config-draft.ts";
import { isAssetName } from "./config-names.ts";
import type { StreamConfig, StreamSource } from "./config-shape.ts";

/** Collected over mirror and sources, checked once. */
export interface Prefixes {
  readonly api: string[];
  readonly deliver: string[];
  /** Subjects of the origins that are in this account. */
  readonly subjects: string[];
}

export interface MirrorCheck {
  readonly pedantic: boolean;
  readonly prefixes: Prefixes;
}

export function checkMirror(draft: Draft, context: ConfigContext, check: MirrorCheck): void {
  const { mirror } = draft;
  if (mirror === null) return;
  checkMirrorCompany(draft);
  if (!isDurableValid(mirror)) throw new ApiError("JSMirrorDurableConsumerCfgInvalid");
  if (hasTwoFilters(mirror)) throw new ApiError("JSMirrorMultipleFiltersNotAllowed");
  if (int64ToNumber(draft.subject_delete_marker_ttl) > 0) {
    throw invalidConfig("subject delete markers forbidden on mirrors");
  }
  checkMirrorTransforms(mirror);
  if (mirror.external !== undefined) {
    collectExternal(mirror, check.prefixes);
    return;
  }
  if (!isAssetName(mirror.name)) throw new ApiError("JSMirrorInvalidStreamName");
  const origin = context.findStream(mirror.name);
  if (origin === null) return;
  check.prefixes.subjects.push(...origin.subjects);
  if (isSmallerThan(draft, origin)) throw new ApiError("JSMirrorMaxMessageSizeTooBigErr");
  if (check.pedantic && draft.mirror_direct !== origin.allow_direct) {
    throw pedanticRefusal("origin stream has direct get set, mirror has it disabled");
  }
  draft.mirror_direct = origin.allow_direct;
}

function checkMirrorCompany(draft: Draft): void {
  if (int64ToNumber(draft.first_seq) > 0) throw new ApiError("JSMirrorWithFirstSeqErr");
  if (draft.subjects.length > 0) throw new ApiError("JSMirrorWithSubjectsErr");
  if (draft.sources.length > 0) throw new ApiError("JSMirrorWithSourcesErr");
  if (draft.allow_msg_counter) throw new ApiError("JSMirrorWithCountersErr");
  if (draft.allow_atomic) throw new ApiError("JSMirrorWithAtomicPublishErr");
  if (draft.allow_batched) throw new ApiError("JSMirrorWithBatchPublishErr");
  if (draft.allow_msg_schedules) throw new ApiError("JSMirrorWithMsgSchedulesErr");
}

function checkMirrorTransforms(mirror: StreamSource): void {
  const transforms = mirror.subject_transforms ?? [];
  transforms.forEach((transform, i) => {
    checkTransform(transform, {
      filter: "JSMirrorInvalidSubjectFilter",
      destination: "JSMirrorInvalidTransformDestination",
    });
    transforms.forEach((other, j) => {
      if (i === j || !subjectsCollide(transform.src, other.src)) return;
      throw new ApiError("JSMirrorOverlappingSubjectFilters");
    });
  });
}

/** Sources, and what mirror and sources have in common: prefixes and cycles. */
export function checkOrigins(draft: Draft, context: ConfigContext, prefixes: Prefixes): void {
  if (draft.sources.length > 0 && draft.allow_msg_schedules) {
    throw new ApiError("JSSourceWithMsgSchedulesErr");
  }
  const names = new Set<string>();
  const consumers = new Set<string>();
  for (const source of draft.sources) {
    if (!isAssetName(source.name)) throw new ApiError("JSSourceInvalidStreamName");
    const name = sourceIndexName(source);
    if (names.has(name)) throw new ApiError("JSSourceDuplicateDetected");
    names.add(name);
    checkSource(source, consumers);
    checkSourceOrigin(draft, source, { context, prefixes });
  }
  checkPrefixes(prefixes);
  checkCycles(draft, context);
}

function checkSource(source: StreamSource, consumers: Set<string>): void {
  if (hasTwoFilters(source)) throw new ApiError("JSSourceMultipleFiltersNotAllowed");
  const transforms = source.subject_transforms ?? [];
  for (const transform of transforms) {
    checkTransform(transform, {
      filter: "JSSourceInvalidSubjectFilter",
      destination: "JSSourceInvalidTransformDestination",
    });
  }
  transforms.forEach((transform, i) => {
    transforms.forEach((other, j) => {
      if (i === j || !isSubsetOf(transform.src, other.src)) return;
      throw new ApiError("JSSourceOverlappingSubjectFilters");
    });
  });
  if (source.consumer === undefined) return;
  if (!isDurableValid(source)) throw new ApiError("JSSourceDurableConsumerCfgInvalid");
  const consumer = `${outerName(source)} ${source.consumer.name ?? ""}`;
  if (consumers.has(consumer)) throw new ApiError("JSSourceDurableConsumerDuplicateDetected");
  consumers.add(consumer);
}

function checkSourceOrigin(
  draft: Draft,
  source: StreamSource,
  { context, prefixes }: { context: ConfigContext; prefixes: Prefixes },
): void {
  if (source.external !== undefined) {
    collectExternal(source, prefixes);
    return;
  }
  const origin = context.findStream(source.name);
  if (origin === null) return;
  prefixes.subjects.push(...origin.subjects);
  if (isSmallerThan(draft, origin)) throw new ApiError("JSSourceMaxMessageSizeTooBigErr");
}

function checkTransform(
  transform: { readonly src: string; readonly dest: string },
  errors: { readonly filter: ApiErrorName; readonly destination: ApiErrorName },
): void {
  if (transform.src !== "" && !isValidSubject(transform.src)) {
    throw new ApiError(errors.filter, { err: `invalid subject ${transform.src}` });
  }
  const refusal = mappingRefusal(transform.src, transform.dest);
  if (refusal !== null) throw new ApiError(errors.destination, { err: refusal });
}

/** A durable consumer made beforehand fixes where to start and what to filter. */
function isDurableValid(source: StreamSource): boolean {
  const { consumer } = source;
  if (consumer === undefined) return true;
  if (!isAssetName(consumer.name ?? "")) return false;
  if (!isValidPublishSubject(consumer.deliver_subject ?? "")) return false;
  const hasStart =
    int64ToNumber(source.opt_start_seq ?? 0) !== 0 || source.opt_start_time !== undefined;
  return !hasStart && (source.filter_subject ?? "") === "";
}

function hasTwoFilters(source: StreamSource): boolean {
  return (source.filter_subject ?? "") !== "" && (source.subject_transforms ?? []).length > 0;
}

function isSmallerThan(draft: Draft, origin: StreamConfig): boolean {
  const [own, other] = [draft.max_msg_size, origin.max_msg_size];
  return own > 0 && other > 0 && own < other;
}

function collectExternal(source: StreamSource, prefixes: Prefixes): void {
  const { external } = source;
  if (external === undefined) return;
  if (external.deliver !== "") prefixes.deliver.push(external.deliver);
  if (external.api !== "") prefixes.api.push(external.api);
}

function checkPrefixes(prefixes: Prefixes): void {
  for (const prefix of prefixes.deliver) {
    if (!isValidPublishSubject(prefix)) {
      throw new ApiError("JSStreamInvalidExternalDeliverySubjErrF", { prefix });
    }
    for (const subject of prefixes.subjects) {
      if (!subjectsCollide(subject, `${prefix}.${subject}`)) continue;
      throw new ApiError("JSStreamExternalDelPrefixOverlapsErrF", { prefix, subject });
    }
  }
  for (const prefix of prefixes.api) {
    if (!isValidPublishSubject(prefix)) {
      const quoted = encodeGoQuote(prefix);
      throw invalidConfig(
        `stream external api prefix ${quoted} must be a valid subject without wildcards`,
      );
    }
    if (!subjectsCollide(prefix, "$JS.API")) continue;
    throw new ApiError("JSStreamExternalApiOverlapErrF", { prefix, subject: "$JS.API" });
  }
}

/** Follows sources and mirrors through the streams of the account. */
function checkCycles(draft: Draft, context: ConfigContext): void {
  const visited = new Set<string>();
  const toVisit: StreamConfig[] = [draft];
  for (let config = toVisit.shift(); config !== undefined; config = toVisit.shift()) {
    visited.add(config.name);
    for (const source of config.sources) {
      if (source.external !== undefined) continue;
      const origin = context.findStream(source.name);
      if (!visited.has(source.name)) {
        if (origin !== null) toVisit.push(origin);
      } else if (overlaps(config.subjects, source.filter_subject ?? "")) {
        throw invalidConfig("detected cycle");
      }
    }
    const { mirror } = config;
    if (mirror === null || mirror.external !== undefined) continue;
    if (visited.has(mirror.name)) throw invalidConfig("detected cycle");
    const origin = context.findStream(mirror.name);
    if (origin !== null) toVisit.push(origin);
  }
}

function overlaps(subjects: readonly string[], filter: string): boolean {
  return filter === "" || subjects.some((subject) => subjectsCollide(subject, filter));
}

/** What tells two sources of one stream apart. Source: nats-server `composeIName`. */
export function sourceIndexName(source: StreamSource): string {
  const durable = source.consumer?.name ?? "";
  const consumer = source.consumer === undefined ? "" : `:C=${shortHash(durable)}`;
  const transforms = source.subject_transforms ?? [];
  const filters = transforms.map(({ src }) => src || ">").join("\f");
  const targets = transforms.map(({ dest }) => dest || ">").join("\f");
  if (transforms.length > 0) return `${outerName(source)}${consumer} ${filters} ${targets}`;
  return `${outerName(source)}${consumer} ${source.filter_subject || ">"} >`;
}

function outerName(source: StreamSource): string {
  const { name, external } = source;
  return external === undefined ? name : `${name}:${shortHash(external.api)}`;
}
