/** Whether a picture needs more than tapes, lanes and seats. Small: it is asked for each frame. */
import { type ConsumerState, int64ToNumber } from "../../../jetstream/index.ts";
import type { FoundStream } from "../assets.ts";
import type { Left, Past } from "../history.ts";

/** Of the names of streams that carry buckets (ADR-8, ADR-20). */
export function isBucket(name: string): boolean {
  return name.startsWith("KV_") || name.startsWith("OBJ_");
}

/** What mirrors and sources use inside is no consumer of anybody's: the flow stands for it. */
export function isShown({ config }: ConsumerState): boolean {
  return !config.direct && !config.sourcing;
}

/** Neither its stream nor its server has others that answer for it. */
export function isAlone({ group, host }: FoundStream): boolean {
  return group === null && host.config?.cluster == null;
}

/** In a cluster the copies of a bucket are rows like those of any other stream. */
export function hasPicture(stream: FoundStream): boolean {
  return isAlone(stream) || !isBucket(stream.plain);
}

export function needsFeatures(streams: readonly FoundStream[]): boolean {
  return streams.some(
    (stream) => hasPicture(stream) && (isMarked(stream) || hasMarkedLane(stream)),
  );
}

function isMarked({ plain, state }: FoundStream): boolean {
  const { config } = state;
  return (
    isBucket(plain) ||
    config.retention !== "limits" ||
    config.mirror !== null ||
    config.sources.length > 0 ||
    config.subject_transform !== null ||
    config.republish !== null ||
    config.allow_msg_ttl ||
    config.allow_msg_schedules ||
    config.allow_msg_counter ||
    config.allow_atomic ||
    int64ToNumber(config.max_age) > 0 ||
    int64ToNumber(config.max_msgs) > 0 ||
    int64ToNumber(config.max_bytes) > 0 ||
    int64ToNumber(config.max_msgs_per_subject) > 0
  );
}

function hasMarkedLane({ consumers }: FoundStream): boolean {
  for (const { config } of consumers.values()) {
    if (config.priority_policy !== "none" || config.max_deliver > 0) return true;
    if ((config.backoff?.length ?? 0) > 0 || wasPaused(config.pause_until)) return true;
  }
  return false;
}

/** The client of `nats` sends Go's zero time where nothing is to pause. */
function wasPaused(until: string | null): boolean {
  return until !== null && !until.startsWith("0001-");
}

/** So long one sees that a message has left, in virtual nanoseconds. */
const leftNanos = 2_500_000_000;
/** So many of those that left the front of a tape keep their place for that long. */
const frontMost = 3;

/** Nobody reads more of them. */
const leftMost = 8;

/** What has just left a stream, newest first. */
export function lately({ left }: Past, stream: string, now: number): Left[] {
  const found: Left[] = [];
  for (let i = left.length - 1; i >= 0 && found.length < leftMost; i -= 1) {
    const one = left[i] as Left;
    if (one.at < now - leftNanos) break;
    if (one.stream === stream) found.push(one);
  }
  return found;
}

/** The first sequence that a tape shows so that those that just left have a place on it. */
export function firstShown(
  { state, plain }: FoundStream,
  left: readonly Left[],
  slots: number,
): number | null {
  const { seqFirst, seqLast, messages } = state.store;
  // A tape that merges its slots has no room for what is gone; a bucket has no tape.
  if (left.length === 0 || isBucket(plain) || seqLast - seqFirst + 1 + frontMost > slots)
    return null;
  const from = messages === 0 ? seqLast + 1 : seqFirst;
  let first = from;
  for (const { seq } of left) if (seq >= from - frontMost && seq < first) first = seq;
  return first === from ? null : first;
}
