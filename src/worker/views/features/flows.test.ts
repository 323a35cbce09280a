/**
 * What streams send on and take from elsewhere, as flows. That they do is nats-server's behaviour,
 * held against it elsewhere; what is drawn is our model.
 */
import { beforeAll, expect, test } from "vitest";
import { installRealm } from "../../../clients/index.ts";
import { virtualNanos } from "../../../kernel/index.ts";
import { parseScenario } from "../../../link/index.ts";
import { Session, type SessionGround } from "../../../scenario/index.ts";
import { programs } from "../../../shell/index.ts";
import { FrameBuilder } from "../../frame-builder.ts";
import { frameOf } from "../../frame-for-tests.ts";
import type { FlightView, TraceView } from "../../frames.ts";
import type { FeatureView } from "../../frames-features.ts";
import { whenFeaturesAreHere } from "./door.ts";

const ground: SessionGround = { programs, realm: installRealm({ strict: false }) };

beforeAll(async () => {
  await whenFeaturesAreHere();
});

interface Shown {
  readonly features: readonly FeatureView[];
  readonly flights: readonly FlightView[];
  readonly lines: readonly TraceView[];
  /** Ids of streams, with their messages at the end. */
  readonly tapes: readonly (readonly [string, number])[];
}

async function show(body: string, seconds: number): Promise<Shown> {
  const session = await Session.open(parseScenario(`windtunnel 1\nseed 7\n${body}`), ground);
  const builder = new FrameBuilder();
  const frame = () => frameOf(builder, session, { playing: true });
  const flights: FlightView[] = [];
  const lines: TraceView[] = [];
  while (session.now < seconds * 1e9) {
    await session.runUntil(virtualNanos(session.now + 50e6));
    const { flights: flown = [], trace = [] } = frame();
    flights.push(...flown);
    lines.push(...trace);
  }
  builder.restart();
  const { features = [], streams = [] } = frame();
  const tapes = streams.map(({ id, messages }) => [id, messages] as const);
  return { features, flights, lines, tapes };
}

const echo = "--republish-source '>' --republish-destination 'live.>'";

const copiesOf = ({ features }: Shown) => features.filter((one) => one.kind === "copy");

test("what is republished flies from the tape to who listens, under its own number", async () => {
  const shown = await show(
    `world server
0s @t2 nats sub 'live.>'
0.5s nats stream add R --subjects 'r.>' ${echo} --defaults
1s nats pub -J r.a x
1.5s nats pub live.by.hand y
`,
    2,
  );
  const heard = shown.flights.filter((one) => one.kind === "message" && one.client === "client:t2");
  expect(heard.map(({ target, seq }) => [target, seq])).toEqual([
    ["stream:R", 1],
    ["server:n1", 0],
  ]);
});

test("a stream that stores what another republishes has a cable from it", async () => {
  const shown = await show(
    `world server
0s nats stream add R --subjects 'r.>' ${echo} --defaults
0.3s nats stream add AUDIT --subjects 'live.>' --defaults
1s nats pub -J r.a x
`,
    2,
  );
  expect(copiesOf(shown).map(({ from, to, way }) => [from, to, way])).toEqual([
    ["stream:R", "stream:AUDIT", "republish"],
  ]);
  const copied = shown.flights.filter((one) => one.target === "stream:AUDIT");
  expect(copied.map(({ client, seq }) => [client, seq])).toEqual([["stream:R", 1]]);
});

/** Of a stream elsewhere: no flag of `nats` says that without a wizard. */
function mirrorOf({ name, ...external }: { name: string; api: string; deliver: string }): string {
  return JSON.stringify({ name: "COPY", storage: "file", mirror: { name, external } });
}

const accounts = `world server
file /etc/nats/n1.conf <<CONF
server_name: n1
jetstream: { store_dir: "/srv/n1" }
accounts: {
  HUB: {
    jetstream: enabled
    users: [ { user: hub, password: hub } ]
    exports: [ { service: "$JS.API.>" }, { stream: "copies.>" } ]
  }
  SHOP: {
    jetstream: enabled
    users: [ { user: shop, password: shop } ]
    imports: [
      { service: { account: HUB, subject: "$JS.API.>" }, to: "hub.API.>" }
      { stream: { account: HUB, subject: "copies.>" } }
    ]
  }
}
no_auth_user: shop
CONF
0s nats-server -c /etc/nats/n1.conf
`;

test("an origin of another account on this server has a cable, and its messages fly", async () => {
  const config = mirrorOf({ name: "ORDERS", api: "hub.API", deliver: "copies.shop" });
  const shown = await show(
    `${accounts}0.5s nats --user hub --password hub stream add ORDERS --subjects 'o.>' --defaults
0.8s nats req '$JS.API.STREAM.CREATE.COPY' '${config}'
1s nats --user hub --password hub pub o.a x --count 2
`,
    4,
  );
  expect(copiesOf(shown).map(({ from, to, state }) => [from, to, state])).toEqual([
    ["stream:HUB/ORDERS", "stream:COPY", "following"],
  ]);
  const copied = shown.flights.filter((one) => one.target === "stream:COPY");
  expect(copied.map(({ client, seq }) => [client, seq])).toEqual([
    ["stream:HUB/ORDERS", 1],
    ["stream:HUB/ORDERS", 2],
  ]);
});

test("an origin that is nowhere here comes in through a door", async () => {
  const config = mirrorOf({ name: "FAR", api: "$JS.hub.API", deliver: "" });
  const lines = `world server\n0.5s nats req '$JS.API.STREAM.CREATE.COPY' '${config}'\n`;
  const shown = await show(lines, 2);
  const marks = shown.features.find((one) => one.id === "marks:COPY");
  expect(marks).toMatchObject({ kind: "tape", inlet: expect.stringMatching(/asking|failing/) });
});

test("a publish that permissions forbid meets a bar, and the trace says why", async () => {
  const config = `world server
file /etc/nats/n1.conf <<CONF
server_name: n1
jetstream: { store_dir: "/srv/n1" }
authorization: { users: [
  { user: app, password: app, permissions: { publish: "orders.>", subscribe: ">" } }
] }
CONF
0s nats-server -c /etc/nats/n1.conf
1s nats --user app --password app pub secret x
`;
  const { flights, lines } = await show(config, 2);
  const refused = flights.filter((one) => one.kind === "refused");
  expect(refused.map(({ client, target, code }) => [client, target, code])).toEqual([
    ["client:t1", "server:n1", 0],
  ]);
  const told = lines.filter((line) => line.kind === "forbidden").map((line) => line.text);
  expect(told).toEqual(["n1 forbids it: no permission to publish to `secret`"]);
});

test("in a cluster copies fly where the leader of the copy stores them, once each", async () => {
  const { flights } = await show(
    `world cluster east 3
0s nats stream add ORDERS --subjects 'orders.>' --replicas 3 --defaults
0.5s nats stream add COPY --mirror ORDERS --replicas 3 --defaults
1.5s nats pub -J orders.new x --count 2
`,
    6,
  );
  const copied = flights.filter((one) => one.client === "stream:ORDERS");
  expect(copied.map(({ target, seq }) => [target, seq])).toEqual([
    ["stream:COPY", 1],
    ["stream:COPY", 2],
  ]);
});

test("streams of one name in two accounts are two tapes, each with its own messages", async () => {
  const shown = await show(
    `${accounts}0.3s nats --user hub --password hub stream add S --subjects s --defaults
0.6s nats --user shop --password shop stream add S --subjects s --defaults
1s nats --user hub --password hub pub -J s x --count 2
2s nats --user shop --password shop pub -J s y
`,
    4,
  );
  expect(shown.tapes).toEqual([
    ["stream:HUB/S", 2],
    ["stream:S", 1],
  ]);
  const stamps = shown.flights.filter((one) => one.kind === "puback");
  expect(stamps.map(({ target, seq }) => [target, seq])).toEqual([
    ["stream:HUB/S", 1],
    ["stream:HUB/S", 2],
    ["stream:S", 1],
  ]);
  const stored = shown.lines.filter((line) => line.kind === "stored").map((line) => line.text);
  expect(stored[0]).toBe("HUB/S stores [1](message:HUB/S/1) `s`");
});
