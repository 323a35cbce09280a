/**
 * The JetStream API of a cluster: the same requests to three nats-servers and to three of ours,
 * the same replies but for names, ids, times and what elections and placement leave to chance.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  advisories,
  conf,
  consumer,
  type Program,
  play,
  ready,
  script,
  stream,
} from "./cluster-programs.ts";
import { type ClusterSide, startOurCluster, startRealCluster } from "./cluster-sides.ts";
import { natsServerPath } from "./real-server.ts";

const listed = ["L1", "L2", "L3", "L4"];

const programs: Readonly<Record<string, Program>> = {
  "streams are made, changed and removed": [
    "INFO",
    `STREAM.CREATE.ORDERS ${stream("ORDERS")}`,
    `STREAM.CREATE.ORDERS ${stream("ORDERS")}`,
    `STREAM.CREATE.ORDERS ${stream("ORDERS", { max_msgs: 10 })}`,
    `STREAM.CREATE.SOLO ${stream("SOLO", { num_replicas: 1 })}`,
    `STREAM.CREATE.MEM ${stream("MEM", { storage: "memory" })}`,
    `STREAM.CREATE.FIVE ${stream("FIVE", { num_replicas: 5 })}`,
    `STREAM.CREATE.SIX ${stream("SIX", { num_replicas: 6 })}`,
    `STREAM.CREATE.TAG ${stream("TAG", { placement: { tags: ["nosuch"] } })}`,
    `STREAM.CREATE.FAR ${stream("FAR", { placement: { cluster: "nosuch" } })}`,
    `STREAM.CREATE.BIG ${stream("BIG", { max_bytes: 2_000_000_000 })}`,
    `STREAM.CREATE.OVER ${stream("OVER", { subjects: ["orders.a"] })}`,
    `STREAM.CREATE.OTHER ${stream("ORDERS2")}`,
    "STREAM.CREATE.BAD {",
    "STREAM.CREATE.BAD",
    `STREAM.CREATE.SEALED ${stream("SEALED", { sealed: true })}`,
    "STREAM.NAMES",
    'STREAM.NAMES {"subject":"orders.>"}',
    'STREAM.NAMES {"offset":2}',
    "STREAM.LIST",
    "STREAM.INFO.ORDERS",
    "STREAM.INFO.SOLO",
    "STREAM.INFO.nosuch",
    `STREAM.UPDATE.ORDERS ${stream("ORDERS", { max_msgs: 100 })}`,
    `STREAM.UPDATE.SOLO ${stream("SOLO", { num_replicas: 1, description: "alone" })}`,
    `STREAM.UPDATE.ORDERS ${stream("ORDERS", { storage: "memory" })}`,
    `STREAM.UPDATE.nosuch ${stream("nosuch")}`,
    "STREAM.DELETE.nosuch",
    'STREAM.DELETE.MEM {"x":1}',
    "STREAM.DELETE.MEM",
    "STREAM.DELETE.SOLO",
    "STREAM.NAMES",
    "STREAM.DELETE.ORDERS",
    "STREAM.LIST",
  ],
  // The first of a list is at some time on the server that collects it.
  "lists are whole, whoever holds what": [
    ...listed.map((name) => `STREAM.CREATE.${name} ${stream(name, { num_replicas: 1 })}`),
    ...listed.flatMap((name) => ["STREAM.LIST", `STREAM.DELETE.${name}`]),
  ],
  "messages are stored, read and removed by the stream's leader": [
    `STREAM.CREATE.M ${stream("M", { allow_direct: true })}`,
    "pub m.a one",
    "pub m.b two",
    "pub m.a three",
    "pub nobody x",
    'STREAM.MSG.GET.M {"seq":2}',
    'STREAM.MSG.GET.M {"last_by_subj":"m.a"}',
    'STREAM.MSG.GET.M {"seq":9}',
    "STREAM.MSG.GET.M",
    'STREAM.MSG.GET.nosuch {"seq":1}',
    'STREAM.MSG.DELETE.M {"seq":2}',
    'STREAM.MSG.DELETE.M {"seq":2}',
    'STREAM.MSG.DELETE.nosuch {"seq":1}',
    'STREAM.INFO.M {"subjects_filter":">","deleted_details":true}',
    'STREAM.PURGE.M {"filter":"m.b"}',
    'STREAM.PURGE.M {"seq":1,"keep":1}',
    "STREAM.PURGE.M",
    "STREAM.PURGE.nosuch",
    "STREAM.INFO.M",
    "STREAM.SNAPSHOT.M",
    "STREAM.DELETE.M",
  ],
  "consumers are made, changed and removed": [
    `STREAM.CREATE.C ${stream("C")}`,
    "pub c.a one",
    `CONSUMER.CREATE.C.dur ${consumer("C", { durable_name: "dur" }, "create")}`,
    `CONSUMER.CREATE.C.dur ${consumer("C", { durable_name: "dur" }, "create")}`,
    `CONSUMER.CREATE.C.dur ${consumer("C", { durable_name: "dur", max_deliver: 5 }, "create")}`,
    `CONSUMER.CREATE.C.dur ${consumer("C", { durable_name: "dur", max_deliver: 5 })}`,
    `CONSUMER.CREATE.C.dur ${consumer("C", { durable_name: "dur", ack_policy: "none" })}`,
    `CONSUMER.CREATE.C.new ${consumer("C", { durable_name: "new" }, "update")}`,
    `CONSUMER.CREATE.C.one ${consumer("C", { durable_name: "one", num_replicas: 1 })}`,
    `CONSUMER.CREATE.C.one ${consumer("C", { durable_name: "one", num_replicas: 1, max_deliver: 2 })}`,
    `CONSUMER.CREATE.C.five ${consumer("C", { durable_name: "five", num_replicas: 5 })}`,
    `CONSUMER.CREATE.C.eph ${consumer("C", { name: "eph", inactive_threshold: 60_000_000_000 })}`,
    `CONSUMER.DURABLE.CREATE.C.old ${consumer("C", { durable_name: "old" })}`,
    `CONSUMER.CREATE.nosuch.x ${consumer("nosuch", { durable_name: "x" })}`,
    `CONSUMER.CREATE.C.y ${consumer("other", { durable_name: "y" })}`,
    "CONSUMER.CREATE.C.bad {",
    "CONSUMER.INFO.C.dur",
    "CONSUMER.INFO.C.one",
    "CONSUMER.INFO.C.nosuch",
    "CONSUMER.INFO.nosuch.x",
    'CONSUMER.INFO.C.dur {"x":1}',
    "CONSUMER.NAMES.C",
    "CONSUMER.NAMES.nosuch",
    "CONSUMER.LIST.C",
    'CONSUMER.LIST.C {"offset":3}',
    "STREAM.INFO.C",
    'CONSUMER.PAUSE.C.dur {"pause_until":"2100-01-01T00:00:00Z"}',
    "CONSUMER.INFO.C.dur",
    "CONSUMER.PAUSE.C.dur",
    "CONSUMER.PAUSE.C.nosuch",
    "CONSUMER.DELETE.C.nosuch",
    "CONSUMER.DELETE.C.one",
    "CONSUMER.DELETE.C.dur",
    "CONSUMER.NAMES.C",
    "STREAM.DELETE.C",
    "CONSUMER.NAMES.C",
  ],
  "leaders hand over": [
    `STREAM.CREATE.L ${stream("L")}`,
    `CONSUMER.CREATE.L.d ${consumer("L", { durable_name: "d" })}`,
    'STREAM.LEADER.STEPDOWN.L {"placement":{"preferred":"n9"}}',
    "STREAM.LEADER.STEPDOWN.nosuch",
    "STREAM.LEADER.STEPDOWN.L {",
    "STREAM.LEADER.STEPDOWN.L",
    "pub l.a one",
    "CONSUMER.LEADER.STEPDOWN.L.nosuch",
    'CONSUMER.LEADER.STEPDOWN.L.d {"placement":{"tags":["nosuch"]}}',
    "CONSUMER.LEADER.STEPDOWN.L.d",
    "CONSUMER.INFO.L.d",
    'STREAM.PEER.REMOVE.L {"peer":"nosuch"}',
    'STREAM.PEER.REMOVE.L {"peer":"n1"}',
    "STREAM.PEER.REMOVE.L",
    "META.LEADER.STEPDOWN",
    "STREAM.DELETE.L",
  ],
};

/** What JetStream tells while it does these things; the order within a step is left to chance. */
const told: Program = [
  `STREAM.CREATE.A ${stream("A")}`,
  `STREAM.CREATE.B ${stream("B", { num_replicas: 1 })}`,
  "pub a.a one",
  `STREAM.UPDATE.A ${stream("A", { max_msgs: 5 })}`,
  `CONSUMER.CREATE.A.d ${consumer("A", { durable_name: "d" })}`,
  `CONSUMER.CREATE.A.r ${consumer("A", { durable_name: "r", num_replicas: 1 })}`,
  `CONSUMER.CREATE.A.d ${consumer("A", { durable_name: "d", max_deliver: 3 })}`,
  'CONSUMER.PAUSE.A.d {"pause_until":"2100-01-01T00:00:00Z"}',
  "CONSUMER.PAUSE.A.d",
  "STREAM.INFO.A",
  "STREAM.INFO.nosuch",
  "STREAM.LEADER.STEPDOWN.A",
  "CONSUMER.LEADER.STEPDOWN.A.d",
  "STREAM.PURGE.A",
  "CONSUMER.DELETE.A.d",
  "CONSUMER.DELETE.A.r",
  "STREAM.DELETE.B",
  "STREAM.DELETE.A",
];

describe.skipIf(natsServerPath === null)("the JetStream API of a cluster", () => {
  let real: ClusterSide;
  beforeAll(async () => {
    real = await startRealCluster(conf);
    await ready(real);
  }, 60_000);
  afterAll(() => real?.stop());

  test("advisories come from one server each", { timeout: 180_000 }, async () => {
    const ours = await startOurCluster(conf);
    await ready(ours);
    const recorded = await play(real, told, advisories);
    expect(script(told, await play(ours, told, advisories))).toEqual(script(told, recorded));
  });

  for (const [title, program] of Object.entries(programs)) {
    test(title, { timeout: 180_000 }, async () => {
      const ours = await startOurCluster(conf);
      await ready(ours);
      const recorded = await play(real, program);
      const played = await play(ours, program);
      expect(script(program, played)).toEqual(script(program, recorded));
    });
  }
});
