/** How a leader brings a follower up to date, and what each says about it meanwhile. */
import { expect, test } from "vitest";
import {
  type Index,
  index,
  logPush,
  millis,
  seconds,
  term,
  virtualNanos,
} from "../kernel/index.ts";
import { createCore, createDurable, type RaftCore } from "./core.ts";
import type { RaftEffect, RaftInput } from "./effects.ts";
import type { AppendEntry, RaftEntry, RaftMessage } from "./messages.ts";
import { isCurrent, peerViews } from "./peers.ts";
import { step } from "./step.ts";

type Untimed<T> = T extends unknown ? Omit<T, "now"> : never;

const peers = ["a", "b", "c"];
/** Twenty-one such entries pass the 2 MiB that may be out. */
const large = 100_000;

function member(id: string, entries: number): RaftCore {
  const durable = createDurable(peers);
  for (let i = 1; i <= entries; i++) logPush(durable.wal.log, entryOf(i));
  durable.stable.term = term(1);
  const core = createCore(id, "g", durable, { now: virtualNanos(0) });
  give(core, { kind: "start" });
  return core;
}

function entryOf(i: number): RaftEntry {
  const proposals = [{ kind: "normal", data: i }] as const;
  return { term: term(1), commit: index(Math.max(i - 2, 0)), proposals, bytes: large };
}

function give(core: RaftCore, input: Untimed<RaftInput>, ms = 0): RaftEffect[] {
  const out: RaftEffect[] = [];
  step(core, { ...input, now: virtualNanos(millis(ms)) } as RaftInput, out);
  return out;
}

function hear(core: RaftCore, message: RaftMessage, ms = 0): RaftEffect[] {
  return give(core, { kind: "message", message, queued: false }, ms);
}

function leaderOf(entries: number): RaftCore {
  const core = member("a", entries);
  give(core, { kind: "applied", index: core.commit });
  give(core, { kind: "election-timeout" });
  hear(core, {
    kind: "vote-response",
    term: core.stable.term,
    peer: "c",
    granted: true,
    empty: false,
  });
  expect(core.role).toBe("leader");
  return core;
}

function respond(core: RaftCore, at: number, success: boolean, ms = 0): RaftEffect[] {
  const message = { kind: "append-response", peer: "b", term: term(at === 0 ? 0 : 1) } as const;
  return hear(core, { ...message, index: index(at), success, catchup: 7 }, ms);
}

function entriesTo(out: readonly RaftEffect[]): Index[] {
  return out.flatMap((effect) =>
    effect.kind === "send" && effect.message.kind === "append-entry"
      ? [index(effect.message.prevIndex + 1)]
      : [],
  );
}

// Source: nats-server runCatchup, maxOutstanding of 2 MiB.
test("no more than 2 MiB are on their way, and each confirmation lets more follow", () => {
  const core = leaderOf(30);
  const first = respond(core, 0, false);
  expect(entriesTo(first)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
  expect(first.at(-1)).toEqual({ kind: "catchup-timer", peer: "b", after: seconds(2) });
  expect(entriesTo(respond(core, 1, true))).toEqual([22]);
  expect(entriesTo(respond(core, 10, true))).toEqual([23, 24, 25, 26, 27, 28, 29, 30, 31]);
  expect(core.progress.get("b")?.catchup).toBeNull();
});

// Source: nats-server runCatchup, activityInterval.
test("a catch-up that nobody confirms is given up, and what comes late changes nothing", () => {
  const core = leaderOf(30);
  respond(core, 0, false);
  give(core, { kind: "catchup-timeout", peer: "b" });
  expect(respond(core, 5, true)).toEqual([]);
});

// Source: nats-server catchupFollower, ErrStoreEOF.
test("a leader that is asked for more than it has gives up the lead", () => {
  const core = leaderOf(3);
  respond(core, 9, false);
  expect(core.role).toBe("follower");
});

// Source: nats-server switchToFollowerLocked; runCatchup looks whether it still leads.
test("a leader that steps down lets go of its catch-ups", () => {
  const core = leaderOf(30);
  respond(core, 0, false);
  const out = give(core, { kind: "step-down", to: null }, 10_000);
  expect(out).toContainEqual({ kind: "clear-catchup-timer", peer: "b" });
});

/** An entry of leader a in term 2, far ahead of whoever has few. */
function ahead(at: number, entry: RaftEntry | null): AppendEntry {
  return {
    kind: "append-entry",
    leader: "a",
    term: term(2),
    commit: index(1),
    prevTerm: term(1),
    prevIndex: index(at),
    entry,
    catchup: null,
    snapshot: null,
  };
}

// Source: nats-server catchupStalled, runAsFollower.
test("a follower asks again when it has heard nothing for two seconds", () => {
  const core = member("b", 1);
  hear(core, ahead(9, null), 0);
  const { catchup } = core;
  expect(hear(core, ahead(9, null), 1_000).map(({ kind }) => kind)).toEqual(["election-timer"]);
  const again = hear(core, ahead(9, null), 2_500);
  expect(again.map(({ kind }) => kind)).toEqual(["election-timer", "send"]);
  expect(core.catchup?.id).not.toBe(catchup?.id);
});

// Source: nats-server runAsFollower, isCatchingUp.
test("a follower that is being caught up campaigns only after that has stalled", () => {
  const core = member("b", 1);
  hear(core, ahead(9, null), 0);
  expect(give(core, { kind: "election-timeout" }, 5_000)).toMatchObject([
    { kind: "election-timer", low: seconds(4) },
  ]);
  expect(core.catchup).toBeNull();
  give(core, { kind: "election-timeout" }, 10_000);
  expect(core.role).toBe("candidate");
});

// Source: nats-server processAppendEntry: the inbox of an old catch-up is no longer listened to.
test("what an old catch-up still brings does not cut off newer entries", () => {
  const core = member("b", 3);
  const { entry, ...message } = ahead(1, entryOf(2));
  expect(hear(core, { ...message, entry, catchup: 99 }).some(({ kind }) => kind === "send")).toBe(
    false,
  );
  expect(core.lastIndex).toBe(3);
});

// Source: nats-server Peers, isCurrent.
test("a leader tells the lag of its peers, a follower only whether it hears its leader", () => {
  const core = leaderOf(3);
  const ack = { kind: "append-response", peer: "c", term: term(2), index: index(4) } as const;
  hear(core, { ...ack, success: true, catchup: null });
  expect(peerViews(core, virtualNanos(0))).toMatchObject([
    { id: "b", current: false, lag: 4, heardAt: null },
    { id: "c", current: true, lag: 0, heardAt: 0 },
  ]);
  const follower = member("b", 3);
  hear(follower, ahead(3, null));
  give(follower, { kind: "applied", index: follower.commit });
  const at = (ms: number) => virtualNanos(millis(ms));
  expect(peerViews(follower, at(2_000))[0]).toMatchObject({ id: "a", current: true });
  expect(isCurrent(follower, at(2_000))).toBe(true);
  expect(peerViews(follower, at(2_001))[0]).toMatchObject({ id: "a", current: false });
  expect(isCurrent(follower, at(2_001))).toBe(false);
});
