/** The ranges that election timers are drawn from. Source: `server/raft.go`. */
import { type DurationNanos, millis, seconds } from "../kernel/index.ts";
import type { ElectionTimer } from "./effects.ts";

/** minElectionTimeoutDefault, maxElectionTimeoutDefault. */
export const electionTimer: ElectionTimer = {
  kind: "election-timer",
  low: seconds(4),
  high: seconds(9),
};
/** minCampaignTimeoutDefault, maxCampaignTimeoutDefault. */
export const campaignTimer: ElectionTimer = {
  kind: "election-timer",
  low: millis(100),
  high: millis(800),
};
/** A transfer's target campaigns this soon (`xferCampaign`). */
export const transferTimer: ElectionTimer = exactly(millis(10));
/** The chosen first leader of a new group (`CampaignImmediately`). */
export const preferredTimer: ElectionTimer = exactly(millis(50));
/** A member that is behind its own commit tries again (`minElectionTimeout / 4`). */
export const behindTimer: ElectionTimer = exactly(seconds(1));
/** Who is not a member looks again after `minElectionTimeout`. */
export const outsiderTimer: ElectionTimer = exactly(seconds(4));
/** The only member of a group campaigns as soon as its log is applied (`Processed`). */
export const aloneTimer: ElectionTimer = exactly(millis(0));

function exactly(duration: DurationNanos): ElectionTimer {
  return { kind: "election-timer", low: duration, high: duration };
}
