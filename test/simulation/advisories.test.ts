/**
 * `advisories` of the state object counts every kind that servers tell, watched or not. Kinds and
 * fields: nats-server 2.15.2 `server/jetstream_events.go` and the subjects of `jetstream_api.go`.
 */
import { expect, test } from "vitest";
import { runScenario } from "../../src/scenario/index.ts";
import { ground } from "./ground.ts";

const stories: Readonly<Record<string, string>> = {
  "streams and consumers that come and go, by family and together": `
0s    nats stream add S --subjects s --defaults
1s    nats consumer add S C --pull --defaults
2s    nats stream edit S --max-msgs 10 -f
3s    nats consumer rm S C -f
4s    nats stream rm S -f
5s    expect 'advisories.STREAM_CREATED.count == 1 && advisories.CONSUMER_CREATED.count == 1'
5s    expect 'advisories.CREATED.count == 2 && advisories.DELETED.count == 2'
5s    expect 'advisories.UPDATED.count == 1 && advisories.UPDATED.last.action == "modify"'
5s    expect 'advisories.STREAM_DELETED.last.stream == "S"'
5s    expect 'advisories.API.count >= 5'
5s    expect '!("METRIC" in advisories)'`,
  "what happens to deliveries": `
0s    nats stream add S --subjects s --defaults
0.2s  nats consumer add S M --pull --ack explicit --wait 1s --max-deliver 2 --defaults
0.3s  nats consumer add S T --pull --ack explicit --defaults
0.4s  nats consumer add S N --pull --ack explicit --defaults
0.5s  nats pub s x
1s    load worker m --stream S --consumer M --forget 100%
1s    load worker t --stream S --consumer T --term 100%
1s    load worker n --stream S --consumer N --nak 100% --work 100ms
2s    load stop n
9s    expect 'advisories.MAX_DELIVERIES.count == 1'
9s    expect 'advisories.MAX_DELIVERIES.last.deliveries == 2'
9s    expect 'advisories.MSG_TERMINATED.last.consumer == "T"'
9s    expect 'advisories.MSG_NAKED.count >= 5 && advisories.MSG_NAKED.last.stream_seq == 1'`,
};

for (const [title, lines] of Object.entries(stories)) {
  test(title, async () => {
    const text = `windtunnel 1\ntitle ${title}\nseed 3\nworld server${lines}\n`;
    const report = await runScenario(text, { ...ground, file: "story.wt" });
    expect(report.failures).toEqual([]);
  });
}

test("a leader is told once, though two accounts hear of it", async () => {
  const text = `windtunnel 1
seed  3
world cluster east 3
0s    nats stream add S --subjects s --replicas 3 --defaults
5s    expect 'advisories.STREAM_LEADER_ELECTED.count == 1'
5s    expect 'advisories.STREAM_LEADER_ELECTED.last.leader == leader("S")'
5s    expect 'advisories.LEADER_ELECTED.count >= 2'
`;
  const report = await runScenario(text, { ...ground, file: "cluster.wt" });
  expect(report.failures).toEqual([]);
});
