/** The marks of features on streams that a cluster keeps. What is drawn is our model. */
import { expect, test } from "vitest";
import { installRealm } from "../../../clients/index.ts";
import { virtualNanos } from "../../../kernel/index.ts";
import { parseScenario } from "../../../link/index.ts";
import { Session, type SessionGround } from "../../../scenario/index.ts";
import { programs } from "../../../shell/index.ts";
import { FrameBuilder } from "../../frame-builder.ts";
import { frameOf } from "../../frame-for-tests.ts";
import type { FeatureView } from "../../frames-features.ts";

const ground: SessionGround = { programs, realm: installRealm({ strict: false }) };

const cluster = `windtunnel 1
seed    7
world   cluster east 3
0s      nats stream add ORDERS --subjects 'orders.>' --replicas 3 --max-age 20s --defaults
0.5s    nats stream add COPY --mirror ORDERS --replicas 3 --defaults
1s      nats consumer add ORDERS W --pull --ack explicit --defaults
1.5s    nats kv add config --replicas 3
2s      nats pub -J orders.new one
2.5s    nats consumer pause ORDERS W 1h --force
`;

async function featuresAt(seconds: number): Promise<readonly FeatureView[]> {
  const session = await Session.open(parseScenario(cluster), ground);
  await session.runUntil(virtualNanos(seconds * 1e9));
  const builder = new FrameBuilder();
  const frame = () => frameOf(builder, session, { playing: false });
  // The views of features come with the first picture that lacks them.
  frame();
  await expect.poll(() => frame().features?.length ?? builder.restart()).toBeGreaterThan(0);
  builder.restart();
  return frame().features ?? [];
}

test("a clustered stream has the marks of its leader's copy", async () => {
  const features = await featuresAt(5);
  const ids = features.map(({ id }) => id).sort();
  // Buckets are rows like those of other streams.
  expect(ids).toEqual(["copy:COPY/0", "lane:ORDERS/W", "marks:COPY", "marks:ORDERS"]);
  const marks = features.find(({ id }) => id === "marks:ORDERS");
  const [slot] = marks?.kind === "tape" ? marks.slots : [];
  expect((slot?.life?.until ?? 0) - (slot?.life?.from ?? 0)).toBe(20e9);
  const lane = features.find(({ id }) => id === "lane:ORDERS/W");
  expect(lane?.kind === "lane" && lane.paused !== null).toBe(true);
  // Whether both are led by one server or by two.
  const copy = features.find(({ id }) => id === "copy:COPY/0");
  expect(copy).toMatchObject({ from: "stream:ORDERS", to: "stream:COPY", state: "following" });
});
