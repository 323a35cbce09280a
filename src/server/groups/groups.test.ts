/** A member of a group on one server: what it proposes, keeps and waits for. */
import { expect, test } from "vitest";
import { index, logGet, plus, seconds, type Term, term, virtualNanos } from "../../kernel/index.ts";
import type { RaftMessage } from "../../raft/index.ts";
import { provideAllParts } from "../doors/all-parts.ts";
import { fireTimer } from "../server.ts";
import { type Bench, bench } from "../test-bench.ts";
import type { GroupFile, RaftGroup } from "./group.ts";
import { onRaftMessage } from "./inbound.ts";
import { openGroup } from "./open.ts";
import { propose } from "./propose.ts";

provideAllParts();

const of = { kind: "consumer", account: "$G", stream: "S", consumer: "C" } as const;

/** A server of a cluster whose disk is a map, and whose other members are never heard of. */
function member(peers: readonly string[], storage: "file" | "memory" = "file") {
  const files = new Map<string, object>();
  const synced: string[] = [];
  const cluster = { name: "east", host: "0.0.0.0", port: 6222, routes: [], peers };
  const on = bench({ cluster });
  Object.assign(on.io.disk, {
    open: (path: string, create: () => object) => {
      const file = files.get(path) ?? create();
      files.set(path, file);
      return file;
    },
    sync: (path: string) => void synced.push(path),
  });
  const take = (recovering: boolean): RaftGroup => {
    on.server.groups?.clear();
    const bootstrap = recovering ? "none" : "preferred";
    return openGroup(on.server, on.io, { name: "G", of, peers, storage, bootstrap, recovering });
  };
  return { on, files, synced, take, group: take(false) };
}

/** Fires the timer that is due next, at its time. */
function fireNext(on: Bench): string {
  const [[name, { at, timer }] = ["", { at: on.now, timer: null }]] = [...on.timers].sort(
    ([, a], [, b]) => a.at - b.at,
  );
  on.now = at;
  on.timers.delete(name);
  if (timer !== null) fireTimer(on.server, on.io, timer);
  return name;
}

// raft.go CampaignImmediately: 50 ms; a single member is its own quorum.
test("the chosen first leader leads 50 ms after the group was made", () => {
  const { on, group } = member(["n1"]);
  while (fireNext(on) !== "raft/G/election") expect(on.now).toBeLessThan(1e9);
  expect(on.now).toBe(50e6);
  expect(group.core.role).toBe("leader");
  expect(group.leaderSince).not.toBeNull();
});

test("what is proposed in one entry point becomes one entry, up to 256 KiB", () => {
  const { on, group } = member(["n1"]);
  while (group.leaderSince === null) fireNext(on);
  for (const data of ["a", "b", "c"]) expect(propose(on.server, group, data, 10)).toBe(true);
  for (const data of ["d", "e", "f"]) propose(on.server, group, data, 200 * 1024);
  expect(group.queue).toHaveLength(6);
  // Any entry point will do.
  fireNext(on);
  expect(group.queue).toHaveLength(0);
  const { log } = group.core.wal;
  const entries = [2, 3].map((at) => {
    return logGet(log, at).proposals.map((one) => (one.kind === "normal" ? one.data : one.kind));
  });
  // The one that crosses the line still belongs to its entry.
  expect(entries).toEqual([["a", "b", "c", "d", "e"], ["f"]]);
  expect(group.core.applied).toBe(3);
});

test("nothing is proposed by a member that does not lead", () => {
  const { on, group } = member(["n1", "n2", "n3"]);
  expect(propose(on.server, group, "a", 1)).toBe(false);
  expect(on.server.groupWork?.proposing).toHaveLength(0);
});

function heartbeat(leader: string, at: Term): RaftMessage {
  const nothing = { entry: null, catchup: null, snapshot: null };
  const place = { prevTerm: term(0), prevIndex: index(0), commit: index(0) };
  return { kind: "append-entry", leader, term: at, ...place, ...nothing };
}

// raft.go resetElect: 4 to 9 s, drawn anew at each heartbeat.
test("each heartbeat draws the election timer anew, and seldom touches the machine's", () => {
  const { on, group } = member(["n1", "n2", "n3"]);
  let set = 0;
  const { setTimer } = on.io;
  on.io.setTimer = (name, at, timer) => {
    if (name === "raft/G/election") set += 1;
    setTimer(name, at, timer);
  };
  const draws = new Set<number>();
  for (let i = 0; i < 60; i++) {
    on.now = plus(on.now, seconds(1));
    for (const [name, { at, timer }] of [...on.timers]) {
      if (at > on.now || timer.kind !== "raft") continue;
      on.timers.delete(name);
      fireTimer(on.server, on.io, timer);
    }
    const message = heartbeat("n2", term(5));
    onRaftMessage(on.server, on.io, { kind: "raft", group: "G", from: "n2", message });
    const wait = (group.electionAt ?? 0) - on.now;
    expect(wait).toBeGreaterThanOrEqual(4e9);
    expect(wait).toBeLessThan(9e9);
    draws.add(wait);
  }
  expect(group.core.role).toBe("follower");
  expect(draws.size).toBe(60);
  expect(set).toBeLessThan(40);
});

test("a vote is synced before anybody hears of it; a log is not", () => {
  const { on, group, synced } = member(["n1"]);
  while (group.leaderSince === null) fireNext(on);
  expect(new Set(synced)).toEqual(new Set([group.stablePath]));
});

test("a group in memory keeps its term and forgets its log with the process", () => {
  const { on, files, take } = member(["n1"], "memory");
  const first = on.server.groups?.get("G");
  while (first?.leaderSince === null) fireNext(on);
  expect([...files.keys()]).toEqual([first?.stablePath]);
  on.timers.clear();
  const again = take(true);
  expect(again.core.stable.term).toBe(1);
  expect(again.core.lastIndex).toBe(0);
});

test("a file remembers how far the log was applied, and what stands for what it dropped", () => {
  const { on, files, group, take } = member(["n1"]);
  while (group.leaderSince === null) fireNext(on);
  const file = files.get(group.filePath ?? "") as GroupFile;
  expect(file.group).toBe("G");
  expect(file.applied).toBe(1);
  on.timers.clear();
  on.now = virtualNanos(on.now + 1);
  const again = take(true);
  expect(again.core.lastIndex).toBe(1);
  expect(again.file).toBe(file);
});
