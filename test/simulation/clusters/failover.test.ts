/** How clients find another server of a cluster. Waits and order are those of nats.js 3.4.0. */
import { expect, test } from "vitest";
import { stateObject, type World } from "../../../src/world/index.ts";
import { openStory, runTo } from "./story.ts";

function serverOf(world: World, client: string): string {
  const clients = stateObject(world).clients as Record<
    string,
    { server: string; connected: boolean }
  >;
  const found = clients[client];
  return found?.connected === true ? found.server : "";
}

// Evidence: nats.js `dodialLoop`: the same server at once if it was dialled more than 2 s ago, then
// the next of those that INFO named, without a wait.
test("an actor turns to another server as soon as its own is gone", async () => {
  const session = await openStory(
    6,
    `0s nats stream add S --subjects s --replicas 3 --defaults
1s load publisher P --subject s --rate 5/s --msg-id --retry --server n2
5s fault kill n2`,
  );
  expect(serverOf(await runTo(session, 4.9), "P")).toBe("n2");
  const world = await runTo(session, 5.1);
  expect(["n1", "n3"]).toContain(serverOf(world, "P"));
  const later = await runTo(session, 20);
  // Whatever was on its way is sent again under the same id, and stored once.
  const { messages } = (
    stateObject(later).streams as Record<string, { state: { messages: number } }>
  ).S?.state ?? { messages: 0 };
  const acked = later.actors.get("P")?.counters.acked ?? 0;
  expect(acked).toBeGreaterThan(90);
  expect(messages).toBeGreaterThanOrEqual(acked);
  expect(messages).toBeLessThanOrEqual(acked + 1);
  await session.dispose();
});

// Evidence: nats.js `timeout` of 20 s for a connection and its first PONG; a machine without power
// answers nothing, so that the dial must be given up before the next server is tried.
test("a machine that does not answer is given up after 20 s", async () => {
  const session = await openStory(
    7,
    `0s nats stream add S --subjects s --replicas 3 --defaults
1s load publisher P --subject s --rate 5/s --server n2
4.9s fault power-off n3
5s fault cut n1 --from desk
5s fault kill n2
30s fault heal`,
  );
  const world = await runTo(session, 20);
  expect(serverOf(world, "P")).toBe("");
  // n1 or n3 was dialled first, for 20 s; then n2, which refuses, and so on, until n1 is back.
  expect(serverOf(await runTo(session, 75), "P")).toBe("n1");
  await session.dispose();
});
