/** When the schedules of a stream publish next. */
import { timeOfKey } from "../../../jetstream/index.ts";
import { tableEach, virtualAt } from "../../../kernel/index.ts";
import type { FoundStream } from "../assets.ts";

/** Schedules that are looked at: those due first. */
const most = 64;

/** By sequence of the message that is the schedule, in virtual nanoseconds. */
export function scheduleTimes({ state, host }: FoundStream): Map<number, number> {
  const times = new Map<number, number>();
  if (!state.config.allow_msg_schedules) return times;
  tableEach(state.schedules.byTime, (_subject, key) => {
    const { time, seq } = timeOfKey(key);
    times.set(seq, virtualAt(time) - host.clockOffset);
    return times.size < most;
  });
  return times;
}
