/** One test for each rule of the Raft paper (Ongaro, Ousterhout 2014) and of what NATS adds. */
import { describe, expect, test } from "vitest";
import {
  type Index,
  index,
  logEnd,
  logGet,
  logPush,
  seconds,
  type Term,
  term,
  virtualNanos,
} from "../kernel/index.ts";
import { createCore, createDurable, type RaftCore } from "./core.ts";
import type { RaftEffect, RaftInput } from "./effects.ts";
import type { AppendEntry, RaftEntry, RaftMessage } from "./messages.ts";
import { step } from "./step.ts";

type Untimed<T> = T extends unknown ? Omit<T, "now"> : never;

/** A started member `a` of three, with a log of entries of the terms given, nothing committed. */
function member(...terms: number[]): RaftCore {
  const durable = createDurable(["a", "b", "c"]);
  for (const of of terms) logPush(durable.wal.log, entryOf(of));
  durable.stable.term = term(terms.at(-1) ?? 0);
  const core = createCore("a", "g", durable, { now: virtualNanos(0) });
  step(core, { kind: "start", now: virtualNanos(0) }, []);
  return core;
}

function entryOf(of: number, commit = 0): RaftEntry {
  const proposals = [{ kind: "normal", data: `of term ${of}` }] as const;
  return { term: term(of), commit: index(commit), proposals, bytes: 10 };
}

function give(core: RaftCore, input: Untimed<RaftInput>, at = 1): RaftEffect[] {
  const out: RaftEffect[] = [];
  step(core, { ...input, now: virtualNanos(seconds(at)) } as RaftInput, out);
  return out;
}

function hear(core: RaftCore, message: RaftMessage, at = 1): RaftEffect[] {
  return give(core, { kind: "message", message, queued: false }, at);
}

function vote(core: RaftCore, granted = true, from = "b", empty = false): RaftEffect[] {
  const response = { kind: "vote-response", term: core.stable.term, peer: from } as const;
  return hear(core, { ...response, granted, empty });
}

function ask(core: RaftCore, of: number, last: readonly [number, number]): RaftEffect[] {
  const [lastTerm, lastIndex] = [term(last[0]), index(last[1])];
  const candidate = "b";
  return hear(core, { kind: "vote-request", term: term(of), lastTerm, lastIndex, candidate });
}

/** An append entry of leader b behind (term, index); null for a heartbeat. */
function append(
  of: number,
  [prevTerm, prevIndex]: readonly [number, number],
  entry: RaftEntry | null,
  commit = 0,
): AppendEntry {
  return {
    kind: "append-entry",
    leader: "b",
    term: term(of),
    commit: index(commit),
    prevTerm: term(prevTerm),
    prevIndex: index(prevIndex),
    entry,
    catchup: null,
    snapshot: null,
  };
}

function leader(...terms: number[]): RaftCore {
  const core = member(...terms);
  give(core, { kind: "election-timeout" });
  vote(core);
  expect(core.role).toBe("leader");
  return core;
}

function ack(core: RaftCore, at: number, of: Term = core.stable.term, peer = "b"): RaftEffect[] {
  const message = { kind: "append-response", term: of, index: index(at), success: true } as const;
  return hear(core, { ...message, peer, catchup: null });
}

function sent(out: readonly RaftEffect[]): RaftMessage[] {
  return out.flatMap((effect) =>
    effect.kind === "send" || effect.kind === "broadcast" ? [effect.message] : [],
  );
}

function terms({ wal }: RaftCore): number[] {
  return Array.from({ length: logEnd(wal.log) - 1 }, (_, i) => logGet(wal.log, i + 1).term);
}

const kinds = (out: readonly RaftEffect[]): string[] => out.map(({ kind }) => kind);

describe("terms and elections", () => {
  // Reference: section 5.1. NATS: processAppendEntry, processVoteRequest, runAsLeader.
  test.each<RaftMessage>([
    append(9, [0, 0], null),
    {
      kind: "vote-request",
      term: term(9),
      lastTerm: term(9),
      lastIndex: index(9),
      candidate: "b",
    },
    { kind: "vote-response", term: term(9), peer: "b", granted: false, empty: false },
    {
      kind: "append-response",
      term: term(9),
      peer: "b",
      index: index(1),
      success: false,
      catchup: null,
    },
  ])("a leader steps down at a higher term in: $kind", (message) => {
    const core = leader();
    expect(kinds(hear(core, message))).toContain("leadership");
    expect(core.role).toBe("follower");
  });

  // Reference: section 5.2. NATS: requestVote persists the vote before anybody is asked.
  test("a candidate raises its term and writes its vote before it asks", () => {
    const core = member(1);
    const out = kinds(give(core, { kind: "election-timeout" }));
    expect(core.stable).toMatchObject({ term: 2, vote: "a" });
    expect(out.indexOf("persist-vote")).toBeLessThan(out.indexOf("broadcast"));
  });

  // Reference: section 5.2.
  test("a member votes once a term, first come first served, and writes it before it answers", () => {
    const core = member();
    const out = ask(core, 1, [0, 0]);
    expect(kinds(out).lastIndexOf("persist-vote")).toBeLessThan(kinds(out).indexOf("send"));
    expect(sent(out)).toMatchObject([{ granted: true }]);
    const request = { kind: "vote-request", term: term(1), candidate: "c" } as const;
    const other = hear(core, { ...request, lastTerm: term(5), lastIndex: index(5) });
    expect(sent(other)).toMatchObject([{ granted: false, term: 1 }]);
    expect(sent(ask(core, 1, [0, 0]))).toMatchObject([{ granted: true }]);
  });

  // Reference: section 5.4.1.
  test.each([
    { candidate: [1, 3], granted: false, why: "an older last term" },
    { candidate: [2, 2], granted: false, why: "a shorter log" },
    { candidate: [2, 3], granted: true, why: "an equal log" },
    { candidate: [3, 1], granted: true, why: "a newer last term" },
  ] as const)("a log of 1 2 2 gives to $why: $granted", ({ candidate, granted }) => {
    const core = member(1, 2, 2);
    expect(sent(ask(core, 3, candidate))).toMatchObject([{ granted }]);
  });

  // NATS: processVoteRequest, resetElect(randCampaignTimeout()).
  test("who refuses a new term for its better log campaigns within 100 to 800 ms, once a term", () => {
    const core = member(1, 1);
    const timer = { kind: "election-timer", low: 100_000_000, high: 800_000_000 };
    expect(ask(core, 2, [1, 1])).toContainEqual(timer);
    expect(ask(core, 2, [1, 1])).not.toContainEqual(timer);
  });

  // NATS: switchToCandidate, `processed < commit`.
  test("who has not applied what is committed does not campaign and tries again in 1 s", () => {
    const core = member(1);
    hear(core, append(1, [1, 1], null, 1));
    const out = give(core, { kind: "election-timeout" });
    expect(out).toEqual([{ kind: "election-timer", low: 1e9, high: 1e9 }]);
    give(core, { kind: "applied", index: index(1) });
    expect(kinds(give(core, { kind: "election-timeout" }))).toContain("broadcast");
  });

  // NATS: runAsCandidate, emptyVotes.
  test("votes of empty logs make no quorum, unless all have answered", () => {
    const core = member(1);
    give(core, { kind: "election-timeout" });
    vote(core, true, "b", true);
    expect(core.role).toBe("candidate");
    vote(core, true, "c", true);
    expect(core.role).toBe("leader");
  });

  // NATS: switchToLeader, aflr; nothing is announced before the term's own entry is applied.
  test("leadership is announced when the entry that opened the term is applied", () => {
    const core = leader();
    expect(kinds(ack(core, 1))).toContain("apply");
    const out = give(core, { kind: "applied", index: index(1) });
    expect(out).toEqual([{ kind: "leadership", isLeader: true, term: 1 }]);
  });
});

describe("the log", () => {
  // Reference: section 5.3. The entry is written before its receipt is confirmed.
  test("a follower writes what continues its log and then confirms it", () => {
    const core = member(1);
    const out = hear(core, append(1, [1, 1], entryOf(1)));
    expect(kinds(out).indexOf("append")).toBeLessThan(kinds(out).indexOf("send"));
    expect(sent(out)).toMatchObject([{ success: true, term: 1, index: 2 }]);
  });

  // NATS: createCatchup; the follower itself says from where on it needs the log.
  test("a follower that misses entries asks from its own end on", () => {
    const core = member(1);
    const out = hear(core, append(2, [2, 5], entryOf(2)));
    expect(sent(out)).toMatchObject([{ success: false, term: 1, index: 1 }]);
    expect(core.catchup).not.toBeNull();
    expect(terms(core)).toEqual([1]);
  });

  // Reference: section 5.3. NATS: processAppendEntry, truncateWAL.
  test.each([
    { log: [1, 1, 1], prev: [1, 2], left: [1, 1, 3], why: "what follows a match is replaced" },
    { log: [1, 2, 2], prev: [1, 2], left: [1], why: "a conflict and all behind it is cut off" },
    { log: [1, 2, 2], prev: [0, 0], left: [], why: "a leader that begins at 0 resets the log" },
  ] as const)("$why", ({ log, prev, left }) => {
    const core = member(...log);
    const out = hear(core, append(3, prev, entryOf(3)));
    expect(terms(core)).toEqual(left);
    expect(kinds(out)).toContain("truncate");
    // Only what was stored is confirmed.
    expect(sent(out).length).toBe(left.includes(3 as never) ? 1 : 0);
  });

  // NATS: `ae.pindex < n.commit`. Raft's state machine safety, section 5.4.3.
  test("what is committed is never cut off", () => {
    const core = member(1, 1, 1);
    hear(core, append(1, [1, 3], null, 3));
    expect(sent(hear(core, append(2, [2, 1], entryOf(2))))).toEqual([]);
    expect(terms(core)).toEqual([1, 1, 1]);
  });

  // NATS: processAppendEntry answers a deposed leader with its own term.
  test("a leader of an older term is refused and told the term", () => {
    const core = member(3);
    const out = hear(core, append(2, [3, 1], entryOf(2)));
    expect(sent(out)).toMatchObject([{ success: false, term: 3, catchup: null }]);
    expect(terms(core)).toEqual([3]);
  });
});

describe("commitment", () => {
  // Reference: section 5.3.
  test("an entry is committed once a quorum holds it, and with it all before it", () => {
    const core = leader(1, 1);
    expect(core.commit).toBe(0);
    expect(ack(core, 3)).toContainEqual({ kind: "apply", index: 3 });
    expect(core.commit).toBe(3);
  });

  // Reference: section 5.4.2, figure 8.
  test("an entry of an earlier term is not committed by counting", () => {
    const core = leader(1, 1);
    ack(core, 2, term(1));
    ack(core, 2, term(1), "c");
    expect(core.commit).toBe(0);
  });

  // NATS: the progress inbox of a catch-up is not that of the append entries.
  test("what a catch-up confirms counts for no quorum", () => {
    const core = leader(1);
    const response = { kind: "append-response", term: term(2), index: index(2) } as const;
    hear(core, { ...response, peer: "b", success: true, catchup: 7 });
    expect(core.commit).toBe(0);
  });

  // NATS: processAppendEntryResponse; the next entry would carry the commit.
  test("a commit is told at once by a heartbeat, unless proposals wait", () => {
    const response = { kind: "append-response", term: term(1), index: index(1) } as const;
    const message = { ...response, peer: "b", success: true, catchup: null };
    const beats = [false, true].map((queued) => {
      const out = give(leader(), { kind: "message", message, queued });
      return sent(out).length;
    });
    expect(beats).toEqual([1, 0]);
  });

  // NATS: Propose returns errNotLeader.
  test("who does not lead in just this term drops proposals", () => {
    const proposals = entryOf(1).proposals;
    const proposal = { kind: "propose", proposals, bytes: 1 } as const;
    expect(give(member(), { ...proposal, term: term(0) })).toEqual([]);
    expect(give(leader(), { ...proposal, term: term(7) })).toEqual([]);
    expect(kinds(give(leader(), { ...proposal, term: term(1) }))).toEqual(["append", "broadcast"]);
  });
});

describe("a leader on its own", () => {
  // NATS: lostQuorum, a ticker of 10 s and a window of 10 s.
  test("steps down at the first tick with no quorum heard within 10 s", () => {
    const core = leader();
    ack(core, 1, term(1));
    expect(give(core, { kind: "quorum-tick" }, 10)).toEqual([]);
    expect(kinds(give(core, { kind: "quorum-tick" }, 11))).toContain("quorum-lost");
    expect(core.role).toBe("follower");
  });

  // NATS: StepDown, withinLiveWindow.
  test("hands over to the healthy peer with the longest log, or to nobody", () => {
    const core = leader(1);
    ack(core, 1, term(1), "b");
    ack(core, 2, term(2), "c");
    const out = give(core, { kind: "step-down", to: null }, 2);
    const transfer = { kind: "leader-transfer", to: "c" };
    expect(sent(out)).toMatchObject([{ entry: { proposals: [transfer] } }]);
    expect(sent(give(leader(1), { kind: "step-down", to: "c" }, 9))).toEqual([]);
  });

  // NATS: lxfer; the target does not put its campaign off any more.
  test("the target of a transfer campaigns after 10 ms whatever it hears", () => {
    const core = member(1);
    const proposals = [{ kind: "leader-transfer", to: "a" }] as const;
    const out = hear(core, append(1, [1, 1], { ...entryOf(1), proposals }));
    expect(out).toContainEqual({ kind: "election-timer", low: 1e7, high: 1e7 });
    expect(kinds(hear(core, append(1, [1, 2], null)))).not.toContain("election-timer");
  });
});

describe("a restart", () => {
  // NATS: initRaftNode replays the log up to the commit that its entries knew of.
  test("applies again what the log knows to be committed, and keeps term and vote", () => {
    const durable = createDurable(["a", "b", "c"]);
    for (const commit of [0, 0, 1, 2]) logPush(durable.wal.log, entryOf(1, commit));
    Object.assign(durable.stable, { term: term(4), vote: "b" });
    const core = createCore("a", "g", durable, { now: virtualNanos(0) });
    const out = give(core, { kind: "start" });
    expect(out).toContainEqual({ kind: "apply", index: 2 });
    expect(core).toMatchObject({ commit: 2, applied: 0, lastIndex: 4, role: "follower" });
    expect(core.stable).toMatchObject({ term: 4, vote: "b" });
  });

  // NATS: setupLastSnapshot, wal.Compact: a log that lost its end begins anew at the snapshot.
  test("takes the snapshot for the log when a power loss took the log's end", () => {
    const durable = createDurable(["a", "b", "c"]);
    logPush(durable.wal.log, entryOf(1));
    const at = { lastTerm: term(2), lastIndex: index(9) as Index };
    durable.stable.snapshot = { ...at, peers: ["a", "b", "c"], data: "state", bytes: 5 };
    const core = createCore("a", "g", durable, { now: virtualNanos(0) });
    expect(kinds(give(core, { kind: "start" }))).toEqual(["restore", "election-timer"]);
    expect(core).toMatchObject({ lastTerm: 2, lastIndex: 9, commit: 9 });
    expect(sent(hear(core, append(3, [2, 9], entryOf(3))))).toMatchObject([{ index: 10 }]);
  });
});
