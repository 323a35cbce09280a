/**
 * A JetStream cluster that loses its quorum and gets it back: the same refusals as of nats-server.
 * Evidence: the run of three nats-servers that the test makes.
 */
import { expect, test } from "vitest";
import { conf, consumer, type Program, play, ready, script, stream } from "./cluster-programs.ts";
import { startOurCluster, startRealCluster } from "./cluster-sides.ts";
import { natsServerPath } from "./real-server.ts";

/** Server 1 is left alone, and later not. What it refuses is settled 17 s after the loss. */
const outage: Program = [
  `STREAM.CREATE.Q ${stream("Q")}`,
  `CONSUMER.CREATE.Q.d ${consumer("Q", { durable_name: "d" })}`,
  "pub q.a one",
  "kill 2",
  "kill 3",
  "wait 20s",
  "INFO",
  "STREAM.NAMES",
  "STREAM.LIST",
  `STREAM.CREATE.NEW ${stream("NEW")}`,
  `STREAM.UPDATE.Q ${stream("Q", { max_msgs: 5 })}`,
  "STREAM.DELETE.Q",
  "STREAM.INFO.Q",
  "STREAM.INFO.nosuch",
  'STREAM.MSG.GET.Q {"seq":1}',
  'STREAM.MSG.DELETE.Q {"seq":1}',
  "STREAM.PURGE.Q",
  "STREAM.PURGE.nosuch",
  "STREAM.LEADER.STEPDOWN.Q",
  `CONSUMER.CREATE.Q.e ${consumer("Q", { durable_name: "e" })}`,
  "CONSUMER.INFO.Q.d",
  "CONSUMER.INFO.Q.nosuch",
  "CONSUMER.NAMES.Q",
  "CONSUMER.LIST.Q",
  "CONSUMER.DELETE.Q.d",
  "CONSUMER.PAUSE.Q.d",
  "CONSUMER.LEADER.STEPDOWN.Q.d",
  "CONSUMER.MSG.NEXT.Q.d",
  "pub q.a two",
  "start 2",
  "start 3",
  "wait 15s",
  "STREAM.NAMES",
  "STREAM.INFO.Q",
  "CONSUMER.INFO.Q.d",
  "pub q.a three",
  'STREAM.MSG.GET.Q {"last_by_subj":"q.a"}',
  "STREAM.DELETE.Q",
];

test.skipIf(natsServerPath === null)(
  "without a quorum the same is refused, and with it all is back",
  { timeout: 240_000 },
  async () => {
    const sides = [await startRealCluster(conf), await startOurCluster(conf)] as const;
    try {
      for (const side of sides) await ready(side);
      const [recorded, played] = await Promise.all(sides.map((side) => play(side, outage)));
      expect(script(outage, played ?? [])).toEqual(script(outage, recorded ?? []));
    } finally {
      for (const side of sides) await side.stop();
    }
  },
);
