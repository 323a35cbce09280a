/** What comes to a server tells, before it arrives, which code it may want: our model. */
import { beforeAll, expect, test } from "vitest";
import { millis, nextEventAt, plus } from "../kernel/index.ts";
import { encodeText } from "../protocol/index.ts";
import { deskName } from "./host.ts";
import { createDoors, createWorld, dial, runNextEvent, sendBytes, worldCommand } from "./index.ts";
import { needsJetStreamParts, needsMonitoringParts, needsZones } from "./needed-parts.ts";

const doors = createDoors({ outside: () => {} });
const world = createWorld(3);
let conn = 0;

function pass(): void {
  const until = plus(world.kernel.now, millis(5));
  while ((nextEventAt(world.kernel) ?? Number.POSITIVE_INFINITY) <= until) {
    runNextEvent(world, doors);
  }
}

beforeAll(() => {
  expect(worldCommand(world, doors, "world server").stderr).toBe("");
  const from = { host: deskName, owner: { kind: "outside", id: 1 } } as const;
  conn = dial(world, { from, host: "n1", port: 4222, transport: "tcp" }).id;
  pass();
  sendBytes(world, doors, conn, "a", encodeText('CONNECT {"verbose":false}\r\n'));
  pass();
});

const jetStream = [true, false];
const monitoring = [false, true];
const both = [true, true];
const neither = [false, false];

const pub = (subject: string, payload = "") => `PUB ${subject} ${payload.length}\r\n${payload}\r\n`;

test.each([
  ["a message", pub("orders.new", "$5, C:\\users"), neither],
  ["a subscription", "SUB orders.> 1\r\n", neither],
  ["a text with Go's escapes", pub("a", '{"subjects":["orders.\\u003e"]}'), neither],
  ["a request of the API", pub("x.$JS.y"), jetStream],
  ["a question to the server", "SUB $SYS.none 2\r\n", monitoring],
  ["a subject in JSON", pub("a", '{"to":"\\u0024SYS.none"}'), both],
])("%s", (_, text, wanted) => {
  sendBytes(world, doors, conn, "a", encodeText(text));
  expect([needsJetStreamParts(world), needsMonitoringParts(world)]).toEqual(wanted);
  pass();
});

test("a subject that arrives in two pieces is met with its first", () => {
  sendBytes(world, doors, conn, "a", encodeText("SUB $"));
  expect([needsJetStreamParts(world), needsMonitoringParts(world)]).toEqual(both);
  pass();
  sendBytes(world, doors, conn, "a", encodeText("none 3\r\n"));
  expect([needsJetStreamParts(world), needsMonitoringParts(world)]).toEqual(neither);
  pass();
});

test("a message that names a time zone is met, also in two pieces", () => {
  const text = pub("a", "Nats-Schedule-Time-Zone: Asia/Tokyo");
  for (const pieces of [[text], text.split(/(?<=Time-Z)/), text.split(/(?<=Time)/)]) {
    let met = false;
    for (const piece of pieces) {
      sendBytes(world, doors, conn, "a", encodeText(piece));
      met ||= needsZones(world);
      pass();
    }
    expect(met).toBe(true);
  }
  sendBytes(world, doors, conn, "a", encodeText(pub("a", "no zone")));
  expect(needsZones(world)).toBe(false);
  pass();
});

test("where subjects are mapped, any of them may be meant", () => {
  const server = world.hosts.get("n1")?.server;
  const mappings = [{ subject: "orders", targets: [] }];
  if (server) server.config = { ...server.config, mappings } as unknown as typeof server.config;
  sendBytes(world, doors, conn, "a", encodeText(pub("orders")));
  expect([needsJetStreamParts(world), needsMonitoringParts(world)]).toEqual(both);
});
