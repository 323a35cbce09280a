/** Stories of one consumer. Evidence stands with each; texts and orders are nats-server's. */
import { describe, expect, test } from "vitest";
import {
  addToStoredTime,
  epochSeconds,
  type StreamSeq,
  type VirtualNanos,
} from "../../kernel/index.ts";
import { encodeHeaders } from "../../protocol/index.ts";
import type { ConsumerEffect } from "./effects.ts";
import { dismissRequests } from "./group.ts";
import { consumerInfo } from "./info.ts";
import type { ConsumerScene } from "./inputs.ts";
import { restoreConsumer, startConsumer } from "./start.ts";
import { stepConsumer } from "./step.ts";
import type { ConsumerStore } from "./store.ts";
import {
  ack,
  advance,
  commit,
  input,
  publish,
  pull,
  remove,
  type Stage,
  sceneOf,
  setStage,
  take,
} from "./test-stage.ts";

const ms = 1_000_000;

function publishMany(stage: Stage, count: number): void {
  for (let i = 0; i < count; i++) publish(stage, "s.a");
}

function floorOf(stage: Stage): [number, number] {
  const store = stage.consumer.store as ConsumerStore;
  return [store.floorConsumer, store.floorStream];
}

// Evidence: test/differential/consumers "pulls, acks and info", run against nats-server 2.15.2.
describe("acks", () => {
  test("move the floor to just below the lowest message that is pending", () => {
    const stage = setStage({ ack_policy: "explicit" });
    publishMany(stage, 4);
    pull(stage, "I", "4");
    ack(stage, 2);
    ack(stage, 3);
    expect(floorOf(stage)).toEqual([0, 0]);
    ack(stage, 1);
    expect(floorOf(stage)).toEqual([3, 3]);
    ack(stage, 4);
    expect(floorOf(stage)).toEqual([4, 4]);
  });

  test("are answered when they ask for it, a second time too", () => {
    const stage = setStage({ ack_policy: "explicit" });
    publishMany(stage, 1);
    pull(stage, "I", "1");
    ack(stage, 1, "+ACK", "A");
    ack(stage, 1, "+ACK", "B");
    expect(take(stage)).toEqual(["I 1 x1", "A acked", "B acked"]);
  });

  test("of a message that was never delivered are ignored", () => {
    const stage = setStage({ ack_policy: "explicit" });
    publishMany(stage, 2);
    pull(stage, "I", "1");
    take(stage);
    ack(stage, 2, "+ACK", "A");
    expect(take(stage)).toEqual([]);
  });

  test("with +NXT ask for more on their own reply subject", () => {
    const stage = setStage({ ack_policy: "explicit" });
    publishMany(stage, 4);
    pull(stage, "I", "1");
    take(stage);
    ack(stage, 1, '+NXT {"batch": 2, "no_wait": true}', "N");
    expect(take(stage)).toEqual(["N 2 x1", "N 3 x1"]);
  });

  test("of policy all take everything below with them", () => {
    const stage = setStage({ ack_policy: "all" });
    publishMany(stage, 5);
    pull(stage, "I", "5");
    ack(stage, 3);
    expect([...floorOf(stage), stage.consumer.pending.size]).toEqual([3, 3, 2]);
    expect(stage.consumer.deadlines.size).toBe(2);
  });
});

// Evidence: test/differential/consumers "ack wait, backoff and max deliver" and "nak, …".
describe("redelivery", () => {
  test("comes before new messages, in stream order", () => {
    const stage = setStage({ ack_policy: "explicit", ack_wait: 100 * ms });
    publishMany(stage, 3);
    pull(stage, "I", "2");
    advance(stage, 150);
    take(stage);
    pull(stage, "J", "3");
    expect(take(stage)).toEqual(["J 1 x2", "J 2 x2", "J 3 x1"]);
  });

  test("waits longer each time when there is a backoff", () => {
    const stage = setStage({ ack_policy: "explicit", backoff: [50 * ms, 200 * ms] });
    publishMany(stage, 1);
    pull(stage, "I", "9");
    take(stage);
    advance(stage, 60);
    expect(take(stage)).toEqual(["I 1 x2"]);
    advance(stage, 190);
    expect(take(stage)).toEqual([]);
    advance(stage, 20);
    expect(take(stage)).toEqual(["I 1 x3"]);
  });

  test("ends after max_deliver, with one advisory", () => {
    const stage = setStage({ ack_policy: "explicit", ack_wait: 50 * ms, max_deliver: 1 });
    publishMany(stage, 1);
    pull(stage, "I", "9");
    advance(stage, 500);
    expect(take(stage)).toEqual(["I 1 x1", "advisory max-deliveries"]);
    expect(stage.consumer.pending.size).toBe(0);
  });

  test("after a nak with delay happens when the delay is over, whatever the ack wait", () => {
    const stage = setStage({ ack_policy: "explicit", ack_wait: 30_000 * ms });
    publishMany(stage, 1);
    pull(stage, "I", "9");
    take(stage);
    ack(stage, 1, '-NAK {"delay": 100000000}');
    advance(stage, 99);
    expect(take(stage)).toEqual(["advisory nak"]);
    advance(stage, 2);
    expect(take(stage)).toEqual(["I 1 x2"]);
  });

  test("is put off by progress", () => {
    const stage = setStage({ ack_policy: "explicit", ack_wait: 100 * ms });
    publishMany(stage, 1);
    pull(stage, "I", "9");
    advance(stage, 90);
    ack(stage, 1, "+WPI");
    advance(stage, 90);
    expect(take(stage)).toEqual(["I 1 x1"]);
    advance(stage, 20);
    expect(take(stage)).toEqual(["I 1 x2"]);
  });

  // Our model of ack wait, which nats-server counts by the wall clock: `time.Now().UnixNano()`.
  test("comes at once when the clock jumps past the ack wait", () => {
    const stage = setStage({ ack_policy: "explicit", ack_wait: 1000 * ms });
    publishMany(stage, 1);
    pull(stage, "I", "9");
    const jumped: ConsumerScene = {
      ...sceneOf(stage),
      now: (stage.now + 1001 * ms) as VirtualNanos,
      wall: addToStoredTime({ s: epochSeconds + 7200, n: 0 }, stage.now + 1001 * ms),
    };
    stage.consumer.timers["ack-wait"].wanted = jumped.now;
    const out: never[] = [];
    stepConsumer(stage.consumer, jumped, { kind: "timer", name: "ack-wait" }, out);
    expect(out.map((effect: { kind: string }) => effect.kind)).toContain("deliver");
  });
});

// Evidence: test/differential/consumers "pull statuses".
describe("pull requests", () => {
  test("take turns, one message each", () => {
    const stage = setStage({ ack_policy: "explicit" });
    pull(stage, "A", "2");
    pull(stage, "B", "2");
    publishMany(stage, 4);
    expect(take(stage)).toEqual(["A 1 x1", "B 2 x1", "A 3 x1", "B 4 x1"]);
  });

  test("end silently when nobody listens to them any more", () => {
    const stage = setStage({ ack_policy: "explicit" });
    pull(stage, "A", "2");
    stage.deaf.add("A");
    publishMany(stage, 1);
    expect(take(stage)).toEqual([]);
    pull(stage, "B", "1");
    expect(take(stage)).toEqual(["B 1 x1"]);
  });

  test("say what they did not get when their time is over", () => {
    const stage = setStage({ ack_policy: "explicit" });
    pull(stage, "A", { batch: 3, expires: 100 * ms });
    publishMany(stage, 1);
    advance(stage, 100);
    expect(take(stage)).toEqual(["A 1 x1", "A 408 Request Timeout"]);
  });

  test("beyond max_waiting are refused, silently when they expect heartbeats", () => {
    const stage = setStage({ ack_policy: "explicit", max_waiting: 1 });
    pull(stage, "A", "1");
    pull(stage, "B", { batch: 1, expires: 100 * ms });
    pull(stage, "C", { batch: 1, expires: 100 * ms, idle_heartbeat: 10 * ms });
    expect(take(stage)).toEqual(["B 409 Exceeded MaxWaiting"]);
  });

  test("of a thousand that wait, one is served without a look at the others", () => {
    const stage = setStage({ ack_policy: "explicit", max_waiting: 5000 });
    for (let i = 0; i < 1000; i++) pull(stage, `I${i}`, { batch: 1, expires: 60_000 * ms });
    let asked = 0;
    const scene = { ...sceneOf(stage), hasInterest: () => ++asked > 0 };
    stage.deaf.clear();
    const out: never[] = [];
    publish(stage, "s.a");
    take(stage);
    stepConsumer(stage.consumer, scene, { kind: "stored", seq: 1 as StreamSeq }, out);
    expect(asked).toBeLessThan(5);
  });
});

describe("removed messages", () => {
  // Evidence: test/differential/consumers "messages removed under a consumer".
  test("are terminated when they were pending", () => {
    const stage = setStage({ ack_policy: "explicit" });
    publishMany(stage, 2);
    pull(stage, "I", "1");
    remove(stage, 1);
    remove(stage, 2);
    expect(take(stage)).toEqual(["I 1 x1", "advisory terminated"]);
    const info = consumerInfo(stage.consumer, sceneOf(stage), "single", []);
    expect([info.num_pending, info.num_ack_pending]).toEqual([0, 0]);
  });

  // Evidence: test/differential/consumers "workqueue retention".
  test("are those that a workqueue's consumer has acknowledged", () => {
    const stage = setStage({ ack_policy: "explicit" }, { retention: "workqueue" });
    publishMany(stage, 3);
    pull(stage, "I", "3");
    ack(stage, 2);
    expect(stage.stream.store.messages).toBe(2);
    ack(stage, 1, "+TERM");
    expect(stage.stream.store.messages).toBe(1);
    ack(stage, 3, "-NAK");
    expect(stage.stream.store.messages).toBe(1);
  });
});

// Evidence: test/differential/consumers "push consumers", "flow control".
describe("a push consumer", () => {
  test("waits for a listener, and for the answer to flow control", () => {
    const config = { deliver_subject: "D", flow_control: true, idle_heartbeat: 5000 * ms };
    const stage = setStage({ ack_policy: "none", ...config });
    for (let i = 0; i < 4; i++) publish(stage, "s.a", "x".repeat(700_000));
    expect(take(stage)).toEqual(["D 1 x1", "D 2 x1", "D 100 FlowControl Request", "D 3 x1"]);
    const { awaited } = stage.consumer.flow;
    input(stage, { kind: "flow", subject: awaited, headers: null });
    expect(take(stage)).toEqual(["D 4 x1"]);
  });

  test("sends a heartbeat when it was idle for the interval", () => {
    const stage = setStage({ deliver_subject: "D", idle_heartbeat: 100 * ms, ack_policy: "none" });
    advance(stage, 60);
    publish(stage, "s.a");
    advance(stage, 60);
    expect(take(stage)).toEqual(["D 1 x1"]);
    advance(stage, 40);
    expect(take(stage)).toEqual(["D 100 Idle Heartbeat"]);
  });

  test("acknowledges by the positions in answers to flow control", () => {
    const stage = setStage({
      ack_policy: "flow_control",
      deliver_subject: "D",
      max_ack_pending: 2,
    });
    publishMany(stage, 3);
    expect(take(stage)).toEqual(["D 1 x1", "D 2 x1", "D 100 FlowControl Request"]);
    const headers = encodeHeaders([
      ["Nats-Last-Consumer", "2"],
      ["Nats-Last-Stream", "2"],
    ]);
    input(stage, { kind: "flow", subject: stage.consumer.flow.awaited, headers });
    expect(take(stage)).toEqual(["D 3 x1"]);
    expect(floorOf(stage)).toEqual([2, 2]);
  });
});

// Evidence: nats-server `server/filestore.go` `encodeConsumerState` keeps whole seconds;
// `applyState` and `checkPending` on start. test/differential/consumers "restarts".
test("after a restart what is pending is still pending, and overdue messages come at once", () => {
  const stage = setStage({ ack_policy: "explicit", ack_wait: 2000 * ms });
  publishMany(stage, 3);
  pull(stage, "I", "2");
  ack(stage, 1);
  advance(stage, 1900);
  publish(stage, "s.a");
  advance(stage, 600);
  const { store, name, stream, created, maxPayload } = stage.consumer;
  const identity = { stream, owner: "", name, created, maxPayload, onDisk: true };
  stage.timers.clear();
  take(stage);
  stage.consumer = restoreConsumer(identity, store as ConsumerStore, sceneOf(stage));
  startConsumer(stage.consumer, sceneOf(stage), []);
  expect(stage.consumer.pending.size).toBe(1);
  pull(stage, "J", "3");
  expect(take(stage)).toEqual(["J 2 x2", "J 3 x1", "J 4 x1"]);
});

// Evidence: nats-server `addReplicatedQueuedMsg`, `processReplicatedAck`.
describe("a consumer with a group", () => {
  test("delivers only what the group has noted", () => {
    const stage = setStage({ ack_policy: "explicit" }, {}, true);
    publishMany(stage, 2);
    pull(stage, "I", { batch: 3, expires: 100 * ms });
    expect(take(stage)).toEqual([]);
    advance(stage, 150);
    // The timeout must not overtake the messages that wait.
    expect(take(stage)).toEqual([]);
    commit(stage);
    expect(take(stage)).toEqual(["I 1 x1", "I 2 x1", "I 408 Request Timeout"]);
    expect(stage.consumer.store?.deliveredStream).toBe(2);
  });

  test("answers an ack only when the group has noted it", () => {
    const stage = setStage({ ack_policy: "explicit" }, { retention: "workqueue" }, true);
    publishMany(stage, 1);
    pull(stage, "I", "1");
    commit(stage);
    ack(stage, 1, "+ACK", "A");
    expect(take(stage)).toEqual(["I 1 x1"]);
    expect(stage.stream.store.messages).toBe(1);
    commit(stage);
    expect(take(stage)).toEqual(["A acked"]);
    expect(stage.stream.store.messages).toBe(0);
  });

  test("sends without acks at once", () => {
    const stage = setStage({ ack_policy: "none" }, {}, true);
    publishMany(stage, 1);
    pull(stage, "I", "1");
    expect(take(stage)).toEqual(["I 1 x1"]);
  });

  test("has its new leader tell those who waited at the old one to ask again", () => {
    const leader = setStage({ ack_policy: "explicit" }, {}, true);
    pull(leader, "A", "1");
    pull(leader, "B", "1");
    leader.deaf.add("B");
    publishMany(leader, 1);
    const follower = setStage({ ack_policy: "explicit" }, {}, true);
    follower.consumer.leader = false;
    follower.proposals.push(...leader.proposals);
    commit(follower);
    const out: ConsumerEffect[] = [];
    dismissRequests(follower.consumer, out);
    expect(out).toMatchObject([{ to: "B", code: 409, description: "Leadership Change" }]);
  });

  test("begins anew when the group agrees to a reset", () => {
    const stage = setStage({ ack_policy: "explicit" }, {}, true);
    publishMany(stage, 2);
    pull(stage, "I", "2");
    commit(stage);
    input(stage, { kind: "reset", seq: 2 as StreamSeq, reply: "R" });
    commit(stage);
    pull(stage, "J", "1");
    commit(stage);
    expect(take(stage)).toEqual(["I 1 x1", "I 2 x1", "reset-done", "J 2 x1"]);
  });
});

// Evidence: test/differential/consumers "overflow and priorities", "pinned client"; ADR-42.
describe("priority groups", () => {
  const groups = { ack_policy: "explicit", priority_groups: ["g"] } as const;

  test("serve the lowest number first", () => {
    const stage = setStage({ ...groups, priority_policy: "prioritized" });
    pull(stage, "low", { batch: 1, group: "g", priority: 7 });
    pull(stage, "high", { batch: 2, group: "g", priority: 1 });
    publishMany(stage, 3);
    expect(take(stage)).toEqual(["high 1 x1", "high 2 x1", "low 3 x1"]);
  });

  test("keep to the pinned client until it is silent for too long", () => {
    const policy = { priority_policy: "pinned_client", priority_timeout: 100 * ms } as const;
    const stage = setStage({ ...groups, ...policy });
    pull(stage, "A", { batch: 1, group: "g" });
    pull(stage, "B", { batch: 1, group: "g" });
    publishMany(stage, 2);
    expect(take(stage)).toEqual(["advisory pinned", "A 1 x1"]);
    advance(stage, 150);
    expect(take(stage)).toEqual(["advisory unpinned", "advisory pinned", "B 2 x1"]);
  });
});
