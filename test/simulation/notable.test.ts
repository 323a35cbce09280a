/**
 * What a step to the next notable event stops at: stored, delivered, acked,
 * redelivered, refused, term, leader, fault, broken promise. Evidence: our model.
 */
import { expect, test } from "vitest";
import { virtualNanos } from "../../src/kernel/index.ts";
import { readTrace, type World } from "../../src/world/index.ts";
import { openText } from "./ground.ts";

/** Records of the trace that stand for a notable event, by the design's word for it. */
const kinds: Readonly<Record<string, string>> = {
  stored: "stored",
  delivered: "deliver",
  acked: "ack",
  redelivered: "redeliver",
  refused: "refused",
  term: "new-term",
  leader: "leader",
  fault: "fault",
  "broken promise": "broken",
};

const story = `windtunnel 1
seed    3
world   cluster east 3
0s      nats stream add S --subjects s --replicas 3 --max-msg-size 100 --defaults
2s      nats consumer add S C --pull --ack explicit --wait 1s --defaults
4s      load publisher p --subject s --rate 2/s --size 20B --for 3s --msg-id --retry
5s      load worker w --stream S --consumer C --forget 30%
8s      load publisher big --subject s --size 200B --count 1
9s      fault kill leader:S
20s     fault start down
`;

const powerLoss = `windtunnel 1
seed    3
world   server
0s      nats stream add S --subjects s --defaults
1s      load publisher p --subject s --rate 2/s --for 3s
5s      fault power-off n1
6s      fault start n1
`;

test("each kind of notable event moves the counter that steps look at", async () => {
  const seen = new Set<string>();
  const missed = new Set<string>();
  for (const text of [story, powerLoss]) await playEvents(text, seen, missed);
  for (const kind of Object.values(kinds)) {
    expect([...seen], kind).toContain(kind);
    expect([...missed], kind).not.toContain(kind);
  }
});

/** Notes the kinds of records that came with an event, and those that no step would have met. */
async function playEvents(text: string, seen: Set<string>, missed: Set<string>): Promise<void> {
  const session = await openText(text);
  let read = session.trace?.recorded ?? 0;
  let { notable } = session.world;
  const look = (world: World): boolean => {
    if (session.trace === null) throw new Error("nothing is recorded");
    const { entries, next } = readTrace(session.trace, read);
    read = next;
    for (const { record } of entries) {
      if (!("kind" in record)) continue;
      seen.add(record.kind);
      if (world.notable === notable) missed.add(record.kind);
    }
    ({ notable } = world);
    return false;
  };
  await session.runUntilTrue(look, virtualNanos(30e9));
  // What came of the last lines, when no event came after them.
  look(session.world);
  await session.dispose();
}

test("a step forward and a step back lead from one to the next", async () => {
  const session = await openText(story);
  const moments: number[] = [];
  while (session.now < 5e9) {
    await session.step("notable");
    moments.push(session.world.kernel.eventsRun);
  }
  expect(moments.length).toBeGreaterThan(10);
  for (const events of moments.slice(-5, -1).reverse()) {
    await session.stepBack("notable");
    expect(session.world.kernel.eventsRun).toBe(events);
  }
  await session.dispose();
});
