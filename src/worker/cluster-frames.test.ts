/** Frames of a cluster: what the page is told while a leader dies. What is drawn is our model. */
import { expect, test } from "vitest";
import { installRealm } from "../clients/index.ts";
import { virtualNanos } from "../kernel/index.ts";
import { parseScenario } from "../link/index.ts";
import { Session, type SessionGround } from "../scenario/index.ts";
import { programs } from "../shell/index.ts";
import { FrameBuilder } from "./frame-builder.ts";
import { frameOf } from "./frame-for-tests.ts";
import type { FramePatch } from "./frames.ts";
import { viewComparison } from "./views/comparison.ts";

const ground: SessionGround = { programs, realm: installRealm({ strict: false }) };
const second = (s: number) => virtualNanos(s * 1e9);

const cluster = `windtunnel 1
seed    7
world   cluster east 3
0s      nats stream add ORDERS --subjects 'orders.>' --replicas 3 --defaults
1s      load publisher P --subject orders.new --rate 5/s --msg-id --retry
4s      fault kill leader:ORDERS
`;

/** Lets time run as the page does, a frame each 50 virtual milliseconds. */
class Page {
  readonly session: Session;
  readonly builder = new FrameBuilder();
  readonly told: FramePatch[] = [];

  constructor(session: Session) {
    this.session = session;
  }

  async until(at: number): Promise<FramePatch> {
    while (this.session.now < second(at)) {
      const next = Math.min(second(at), this.session.now + 50e6);
      await this.session.runUntil(virtualNanos(next));
      this.#frame(true);
    }
    return this.whole();
  }

  /** Everything that is shown at this moment, as after a seek. */
  whole(selected: string | null = null): FramePatch {
    this.builder.restart();
    return this.#frame(false, selected);
  }

  #frame(playing: boolean, selected: string | null = null): FramePatch {
    const patch = frameOf(this.builder, this.session, { playing, selected });
    this.told.push(patch);
    return patch;
  }

  get lines(): string[] {
    return this.told.flatMap((patch) =>
      (patch.reset ? [] : (patch.trace ?? [])).map((l) => l.text),
    );
  }
}

const page = async () => new Page(await Session.open(parseScenario(cluster), ground));

test("three servers, their routes, and a stream with a copy on each", async () => {
  const frame = await (await page()).until(3);
  expect(frame.servers?.map(({ name, cluster: name2, state }) => [name, name2, state])).toEqual([
    ["n1", "east", "up"],
    ["n2", "east", "up"],
    ["n3", "east", "up"],
  ]);
  expect(frame.routes?.map(({ id, state, cut }) => [id, state, cut])).toEqual([
    ["route:n1-n2", "open", "no"],
    ["route:n1-n3", "open", "no"],
    ["route:n2-n3", "open", "no"],
  ]);
  const [orders] = frame.streams ?? [];
  expect(orders?.led).toBe(true);
  expect(orders?.replicas.map(({ last }) => last)).toEqual([10, 10, 10]);
  const group = frame.groups?.find((one) => one.asset === "stream:ORDERS");
  expect(group?.leader).toBe(orders?.server);
  expect(group?.members.map(({ state }) => state).sort()).toEqual([
    "follower",
    "follower",
    "leader",
  ]);
  // A client's cable ends at the server that it is connected to.
  const publisher = frame.clients?.find((client) => client.name === "P");
  expect(publisher?.reaches).toEqual([publisher?.server]);
});

test("a killed leader: a band without a leader, an election, and the next reign", async () => {
  const run = await page();
  const before = await run.until(3.9);
  const first = before.groups?.find((one) => one.asset !== "")?.leader?.slice("server:".length);
  const silent = await run.until(6);
  expect(silent.streams?.[0]?.led).toBe(false);
  expect(silent.caption?.strong).toBe("ORDERS has no leader.");
  expect(silent.timers?.map(({ label }) => label)).toContain(
    first === "n2" ? "n1 timer" : "n2 timer",
  );
  // nats-server elects 4 to 9 s after the last heartbeat.
  const after = await run.until(14);
  const next = after.groups?.find((one) => one.asset !== "")?.leader?.slice("server:".length);
  expect(next).not.toBe(first);
  expect(run.lines.some((line) => line.startsWith(`**${next} leads** [ORDERS]`))).toBe(true);
  const band = after.marks?.find((mark) => mark.kind === "leaderless");
  expect(band?.at).toBe(second(4));
  expect(band?.until).toBeGreaterThan(second(7));
  expect(after.streams?.[0]?.replicas.map(({ up }) => up).sort()).toEqual([false, true, true]);
});

test("the inspector tells why there is no leader", async () => {
  const run = await page();
  await run.until(6);
  const { detail } = run.whole("stream:ORDERS");
  expect(detail?.question).toBe("Why has ORDERS no leader?");
  expect(detail?.why.map(({ text }) => text).join(" ")).toContain("2 of 3 members run");
  expect(detail?.raft?.members).toEqual(["n1", "n2", "n3"]);
  expect(detail?.raft?.rows.find(({ label }) => label === "role")?.values).toContain("–");
});

test("a branch without the kill, beside the one with it", async () => {
  const { session } = await page();
  await session.runUntil(second(6));
  await session.seek(second(3.9));
  await session.input("fault freeze n3", "t2");
  await session.runUntil(second(6));
  const comparison = await session.compare(0, 1, second(3.95));
  const view = comparison === null ? null : viewComparison(comparison, 10);
  expect(view?.parted).toBe(second(3.9));
  expect(view?.right.inputs.map(({ text }) => text)).toEqual(["fault freeze n3"]);
  expect(view?.differences.map(({ label, left, right }) => [label, left, right])).toContainEqual([
    ...["n3 is frozen", "no", "yes"],
  ]);
  expect(view?.left.streams[0]?.cells.length).toBe(view?.right.streams[0]?.cells.length);
});

// Our model: with a second between any two, both ask before either hears of the other. What then
// happens is nats-server's: `processVoteRequest` refuses a second vote in a term, and who has not
// won when its next timer ends asks again in the term after (`runAsCandidate`).
test("a split vote shows who has whose vote, and a later term decides it", async () => {
  const slow = ["n1 n2", "n2 n3", "n1 n3"].map((ends) => `3s fault link ${ends} --latency 1s\n`);
  const text = cluster
    .replace("seed    7", "seed 1")
    .replace("4s      fault", `${slow.join("")}4s fault`);
  const at = new Page(await Session.open(parseScenario(text), ground));
  const frame = await at.until(9);
  const group = frame.groups?.find(({ asset }) => asset === "stream:ORDERS");
  expect(group?.leader).toBeNull();
  expect(group?.members).toMatchObject([
    { server: "server:n1", state: "candidate", term: 2, votes: ["server:n1"], needs: 2 },
    { server: "server:n2", state: "down" },
    { server: "server:n3", state: "candidate", term: 2, votes: ["server:n3"], needs: 2 },
  ]);
  expect(frame.caption).toMatchObject({
    strong: "n1 and n3 ask at once to lead ORDERS.",
    rest: "Each needs 2 of 3 votes, and every server has one a term.",
  });
  const asked = at.lines.filter((line) => /asks to lead \[ORDERS\].*term 2/.test(line));
  expect(asked.map((line) => line.slice(0, 2))).toEqual(["n3", "n1"]);
  await at.session.runUntil(second(30));
  const won = at.whole().groups?.find(({ asset }) => asset === "stream:ORDERS");
  const leader = won?.members.find(({ server }) => server === won.leader);
  expect(leader?.state).toBe("leader");
  expect(leader?.term).toBeGreaterThan(2);
  await at.session.dispose();
});
