/** What is armed, on the rail: ack waits that end next, elections that are about to begin. */
import type { ConsumerView, ElectionView, GroupView, TimerView } from "../frames.ts";
import { splitId } from "./names.ts";

/** As many as find room on the rail. */
const timersMost = 24;

export interface Armed {
  readonly consumers: readonly ConsumerView[];
  readonly groups: readonly GroupView[];
  readonly elections: readonly ElectionView[];
  /** What else rings: schedules, ends of pauses. */
  readonly more: readonly TimerView[];
}

export function viewTimers(armed: Armed, now: number): TimerView[] {
  const timers = [...ackTimers(armed.consumers, now), ...electionTimers(armed), ...armed.more];
  return timers.sort((a, b) => a.at - b.at).slice(0, timersMost);
}

function ackTimers(consumers: readonly ConsumerView[], now: number): TimerView[] {
  return consumers.flatMap((consumer) =>
    consumer.seats
      .filter((seat) => seat.deadline > now)
      .map((seat) => ({
        id: `${splitId(consumer.id)[1]} ${seat.seq}`,
        at: seat.deadline,
        label: `${seat.seq} due ${dueText(seat.deadline)}`,
      })),
  );
}

/** Only of groups without a leader: elsewhere each heartbeat draws them anew. */
function electionTimers({ groups, elections }: Armed): TimerView[] {
  const leaderless = new Set(groups.filter((one) => one.leader === null).map((one) => one.id));
  const timers: TimerView[] = [];
  const told = new Set<string>();
  for (const { group, server, at } of elections) {
    const [, name] = splitId(server);
    if (!leaderless.has(group) || told.has(name)) continue;
    told.add(name);
    timers.push({ id: `election ${group} ${name}`, at, label: `${name} timer` });
  }
  return timers;
}

/** `33.391`, `01:12.480`, `1:02:11.231`: as the page prints its times. */
function dueText(at: number): string {
  const millis = Math.floor(at / 1e6);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(millis / 60_000);
  const hours = Math.floor(minutes / 60);
  const seconds = `${two(Math.floor(millis / 1000) % 60)}.${String(millis % 1000).padStart(3, "0")}`;
  if (hours > 0) return `${hours}:${two(minutes % 60)}:${seconds}`;
  return minutes === 0 ? seconds : `${two(minutes)}:${seconds}`;
}
