/** What `load` actors do, each told as a journal. Waits and chances are our model. */
import { expect, test } from "vitest";
import { runScenario } from "../../src/scenario/index.ts";
import { ground } from "./ground.ts";

const setup = `
0s    nats stream add S --subjects s --defaults
0.3s  nats consumer add S C --pull --ack explicit --deliver all --wait 2s --defaults`;

const stories: Readonly<Record<string, string>> = {
  "a publisher keeps its rate and counts each PubAck": `
1s    load publisher p --subject s --rate 10/s --count 30
2.05s expect 'actors.p.sent == 11'
5s    expect 'actors.p.sent == 30 && actors.p.acked == 30 && actors.p.last_puback == 30'
5s    expect 'stream("S").state.messages == 30'`,
  "a publisher stops when its time is over": `
1s    load publisher p --subject s --rate 10/s --for 2s
9s    expect 'actors.p.sent == 20'`,
  "a lost PubAck is a timeout, and without --retry the message is given up": `
0.5s  fault drop puback --stream S
1s    load publisher p --subject s --count 1
9s    expect 'actors.p.timeouts == 1 && actors.p.sent == 1 && actors.p.acked == 0'
9s    expect 'stream("S").state.messages == 1'`,
  "a retry with a message id is a duplicate that is acknowledged all the same": `
0.5s  fault drop puback --stream S
1s    load publisher p --subject s --count 1 --retry --msg-id
9s    expect 'actors.p.sent == 2 && actors.p.acked == 1 && actors.p.last_puback == 1'
9s    expect 'stream("S").state.messages == 1'`,
  "publishing where nobody listens is refused with 503": `
1s    load publisher p --subject nobody --count 3 --rate 10/s
3s    expect 'actors.p.refused == 3 && actors.p.errors["503"] == 3'`,
  "a publisher outlives its server and goes on when it is back": `
1s    load publisher p --subject s --rate 5/s --retry --msg-id
3.1s  fault kill n1
4s    expect '!clients.exists(c, c == "p")'
5s    fault start n1
12s   load stop p
12s   expect 'actors.p.acked > 40 && stream("S").state.messages >= actors.p.acked'
12s   expect 'ledger.broken == 0'`,
  "a worker takes one batch, works through it, and asks again": `
0.5s  nats pub s x --count 6
1s    load worker w --stream S --consumer C --batch 3 --work 100ms
1.25s expect 'actors.w.received == 3 && actors.w.processed == 2'
3s    expect 'actors.w.received == 6 && actors.w.unique == 6 && actors.w.acked == 6'
3s    expect 'consumer("S", "C").num_ack_pending == 0'`,
  "a worker that asks twice hears that its ack was taken": `
0.5s  nats pub s x --count 4
1s    load worker w --stream S --consumer C --work 10ms --ack double
3s    expect 'actors.w.acked == 4 && consumer("S", "C").ack_floor.stream_seq == 4'`,
  "a worker that always refuses sees the message again at once": `
0.5s  nats pub s x
1s    load worker w --stream S --consumer C --work 100ms --nak 100%
3s    expect 'actors.w.nacked >= 10 && actors.w.redelivered >= 10 && actors.w.unique == 1'`,
  "a worker that forgets to answer sees the message again after AckWait": `
0.5s  nats pub s x
1s    load worker w --stream S --consumer C --forget 100%
2.9s  expect 'actors.w.received == 1'
3.2s  expect 'actors.w.received == 2 && actors.w.redelivered == 1'`,
  "a worker that terminates a message has done with it": `
0.5s  nats pub s x
1s    load worker w --stream S --consumer C --term 100%
9s    expect 'actors.w.received == 1 && consumer("S", "C").num_ack_pending == 0'`,
  "a worker whose consumer is gone counts the refusal and asks again": `
1s    load worker w --stream S --consumer C
2s    nats consumer rm S C -f
4s    expect 'actors.w.refused >= 1'`,
};

for (const [title, lines] of Object.entries(stories)) {
  test(title, async () => {
    const text = `windtunnel 1\ntitle ${title}\nseed 3\nworld server${setup}${lines}\n`;
    const report = await runScenario(text, { ...ground, file: "story.wt" });
    expect(report.failures).toEqual([]);
  });
}
