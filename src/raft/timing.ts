/** How long nats-server's Raft waits. Source: `server/raft.go`, constants of the names given. */
import { type DurationNanos, millis, seconds } from "../kernel/index.ts";

/** The chosen first leader repeats its vote request, each time this much later. */
export const voteResendStep: DurationNanos = millis(100);
export const voteResendMax: DurationNanos = millis(800);
/** hbIntervalDefault. */
export const heartbeatEvery: DurationNanos = seconds(1);
/** lostQuorumIntervalDefault, lostQuorumCheckIntervalDefault. */
export const quorumWindow: DurationNanos = seconds(10);
export const quorumCheckEvery: DurationNanos = seconds(10);
/** lostQuorumSignal: a candidate reports at most this often. */
export const quorumSignalEvery: DurationNanos = seconds(20);
/** A catch-up without progress for so long is given up, by either side. */
export const catchupSilence: DurationNanos = seconds(2);
/** maxOutstanding of `runCatchup`. */
export const catchupBytesOut = 2 * 1024 * 1024;
/** A peer heard from within this is fit to lead (`withinLiveWindow`). */
export const healthyWindow: DurationNanos = seconds(3);
/** A follower that heard its leader within this is current (`isCurrent`). */
export const currentWindow: DurationNanos = seconds(2);
