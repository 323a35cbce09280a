/**
 * What the page is told beyond tapes, lanes and seats. That messages leave, come and wait as they
 * do is nats-server's behaviour, held against it elsewhere; what is drawn is our model.
 */
import { beforeAll, expect, test } from "vitest";
import { installRealm } from "../../../clients/index.ts";
import { virtualNanos } from "../../../kernel/index.ts";
import { parseScenario } from "../../../link/index.ts";
import { Session, type SessionGround } from "../../../scenario/index.ts";
import { programs } from "../../../shell/index.ts";
import { worldHash } from "../../../world/index.ts";
import { FrameBuilder } from "../../frame-builder.ts";
import { frameOf } from "../../frame-for-tests.ts";
import type { FlightView, FramePatch } from "../../frames.ts";
import type { FeatureView } from "../../frames-features.ts";
import { allStreams } from "../assets.ts";
import { whenFeaturesAreHere } from "./door.ts";
import { needsFeatures } from "./need.ts";

const ground: SessionGround = { programs, realm: installRealm({ strict: false }) };

beforeAll(async () => {
  await whenFeaturesAreHere();
});

interface Shown {
  readonly whole: FramePatch;
  readonly flights: readonly FlightView[];
  readonly session: Session;
}

/** One line after the other, as a person types: those of one second a tenth of it apart. */
function scenario(lines: readonly string[]): string {
  const timed: string[] = ["windtunnel 1", "seed    7", "world   server"];
  let last = -1;
  for (const line of lines) {
    const [at = "", rest = ""] = [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" "))];
    const tenths = Number.parseFloat(at) * 10;
    last = Math.max(tenths, last + 1);
    timed.push(`${last / 10}s ${rest}`);
  }
  return `${timed.join("\n")}\n`;
}

/** Runs a world to `seconds` with a frame each 50 virtual milliseconds, and shows it whole. */
async function show(lines: readonly string[], seconds: number): Promise<Shown> {
  const text = scenario(lines);
  const session = await Session.open(parseScenario(text), ground);
  const builder = new FrameBuilder();
  const flights: FlightView[] = [];
  const frame = (playing: boolean) => frameOf(builder, session, { playing });
  while (session.now < seconds * 1e9) {
    await session.runUntil(virtualNanos(Math.min(seconds * 1e9, session.now + 50e6)));
    flights.push(...(frame(true).flights ?? []));
  }
  builder.restart();
  return { whole: frame(false), flights, session };
}

function featureOf<K extends FeatureView["kind"]>(
  { whole }: Shown,
  kind: K,
  id: string,
): Extract<FeatureView, { kind: K }> {
  const found = whole.features?.find((one) => one.id === id);
  if (found?.kind !== kind) throw new Error(`no ${kind} called ${id}`);
  return found as Extract<FeatureView, { kind: K }>;
}

test("an ordinary stream needs nothing more", async () => {
  const shown = await show(
    [
      "0s nats stream add ORDERS --subjects 'orders.>' --defaults",
      "0s nats consumer add ORDERS W --pull --deliver all --ack explicit --defaults",
      "1s nats pub -J orders.new hello",
      "1s nats consumer next ORDERS W --ack",
    ],
    3,
  );
  expect(shown.whole.consumers).toHaveLength(1);
  expect(needsFeatures(allStreams(shown.session.world))).toBe(false);
  expect(shown.whole.features).toBeUndefined();
  expect(shown.whole.streams).toHaveLength(1);
});

test("interest: who still holds a message, and that it leaves with the last ack", async () => {
  const shown = await show(
    [
      "0s nats stream add NEWS --subjects 'news.>' --retention interest --defaults",
      "0s nats consumer add NEWS A --pull --ack explicit --defaults",
      "0s nats consumer add NEWS B --pull --ack explicit --filter news.a --defaults",
      "1s nats pub -J news.a x --count 2",
      "1s nats pub -J news.b x",
      "2s nats consumer next NEWS A --count 2 --ack",
      "3s nats consumer next NEWS B --count 1 --ack",
    ],
    4,
  );
  const marks = featureOf(shown, "tape", "marks:NEWS");
  expect(marks.holders).toEqual(["A", "B"]);
  expect(marks.slots.map(({ seq, held }) => [seq, held])).toEqual([
    [2, "aw"],
    [3, "w-"],
  ]);
  expect(marks.left.map(({ seq, why }) => [seq, why])).toEqual([[1, "acked"]]);
  expect(marks.say).toContain("2 held by B, acked by A");
  // Its place stays for a moment: gone, before the first that is there.
  expect(shown.whole.streams?.[0]?.cells.map(({ from, state }) => [from, state])[0]).toEqual([
    1,
    "gone",
  ]);
  expect(shown.whole.caption?.strong).toBe("1 has left NEWS.");
});

test("limits: the oldest falls over the edge", async () => {
  const shown = await show(
    [
      "0s nats stream add ORDERS --subjects 'orders.>' --max-msgs 3 --defaults",
      "1s nats pub -J orders.new x --count 5",
    ],
    2,
  );
  const marks = featureOf(shown, "tape", "marks:ORDERS");
  expect(marks.edge).toBe("at most 3");
  expect(marks.left.map(({ seq, why }) => [seq, why])).toEqual([
    [2, "limit"],
    [1, "limit"],
  ]);
});

test("a life of its own, or the stream's, whichever is shorter; a marker where it ended", async () => {
  const lines = [
    "0s nats stream add T --subjects 't.>' --allow-msg-ttl --subject-del-markers-ttl 5s --max-age 20s --defaults",
    "1s nats pub -J t.a x -H Nats-TTL:7s",
    "1s nats pub -J t.b x -H Nats-TTL:60s",
    "1s nats pub -J t.c x -H Nats-TTL:never",
  ];
  const young = featureOf(await show(lines, 2), "tape", "marks:T");
  const lives = young.slots.map(({ seq, life }) => [
    seq,
    life === null ? 0 : Math.round((life.until - life.from) / 1e9),
  ]);
  expect(lives).toEqual([
    [1, 7],
    [2, 20],
  ]);
  const old = featureOf(await show(lines, 9), "tape", "marks:T");
  expect(old.slots.filter(({ stone }) => stone !== "").map(({ stone }) => stone)).toEqual([
    "expired",
  ]);
});

test("a schedule waits on the tape with its next time, on the rail too", async () => {
  const shown = await show(
    [
      "0s nats stream add S --subjects 's.>' --allow-schedules --defaults",
      "1s nats pub -J s.plan hi -H 'Nats-Schedule:@every 5s' -H Nats-Schedule-Target:s.out",
    ],
    2,
  );
  const marks = featureOf(shown, "tape", "marks:S");
  expect(marks.slots).toHaveLength(1);
  const due = marks.slots[0]?.due ?? 0;
  // nats-server sets the first time of `@every` from the second of the message.
  expect(due / 1e9).toBeGreaterThan(5);
  expect(due / 1e9).toBeLessThanOrEqual(7);
  expect(shown.whole.timers?.map(({ at, label }) => [at, label])).toEqual([[due, "schedule 1"]]);
});

test("a mirror and a source with a filter are flows from their origin", async () => {
  const shown = await show(
    [
      "0s nats stream add ORDERS --subjects 'orders.>' --defaults",
      "0s nats stream add COPY --mirror ORDERS --defaults",
      `0s nats request '$JS.API.STREAM.CREATE.EU' '{"name":"EU","sources":[{"name":"ORDERS","filter_subject":"orders.eu"}]}'`,
      "3s nats pub -J orders.eu x",
      "3s nats pub -J orders.us x",
    ],
    4,
  );
  const mirror = featureOf(shown, "copy", "copy:COPY/0");
  expect(mirror).toMatchObject({ from: "stream:ORDERS", to: "stream:COPY", way: "mirror" });
  expect(mirror).toMatchObject({ state: "following", lag: 0, note: "" });
  expect(featureOf(shown, "copy", "copy:EU/0")).toMatchObject({
    way: "source",
    note: "only orders.eu",
  });
  // What copies is no consumer of anybody's.
  expect(shown.whole.consumers).toBeUndefined();
  const copied = shown.flights.filter(({ client }) => client === "stream:ORDERS");
  expect(copied.map(({ target, seq }) => [target, seq]).sort()).toEqual([
    ["stream:COPY", 1],
    ["stream:COPY", 2],
    ["stream:EU", 1],
  ]);
});

test("a mirror of a stream that is gone says so", async () => {
  const shown = await show(
    [
      "0s nats stream add ORDERS --subjects 'orders.>' --defaults",
      "0s nats stream add COPY --mirror ORDERS --defaults",
      "3s nats stream rm ORDERS --force",
    ],
    30,
  );
  const copy = featureOf(shown, "copy", "copy:COPY/0");
  expect([copy.from, copy.state, copy.error]).toEqual(["ORDERS", "failing", "stream not found"]);
});

test("one client is pinned, another waits", async () => {
  const ask = '{"batch":9,"group":"g","expires":50000000000}';
  const shown = await show(
    [
      "0s nats stream add P --subjects 'p.>' --defaults",
      "0s nats consumer add P W --pull --ack explicit --pinned-groups g --pinned-ttl 60s --defaults",
      `1s nats sub _INBOX.one &`,
      `1s nats sub _INBOX.two &`,
      `2s nats pub '$JS.API.CONSUMER.MSG.NEXT.P.W' '${ask}' --reply _INBOX.one`,
      "3s nats pub -J p.a x",
      `4s nats pub '$JS.API.CONSUMER.MSG.NEXT.P.W' '${ask}' --reply _INBOX.two`,
    ],
    5,
  );
  const { group } = featureOf(shown, "lane", "lane:P/W");
  expect(group?.policy).toBe("pinned_client");
  expect(group?.pinned?.client).toBe("client:t1");
  expect(group?.waiting).toEqual([{ client: "client:t1", why: "not pinned" }]);
});

test("a paused consumer says until when", async () => {
  const shown = await show(
    [
      "0s nats stream add Q --subjects 'q.>' --defaults",
      "0s nats consumer add Q W --pull --ack explicit --defaults",
      "1s nats consumer pause Q W 30s --force",
    ],
    2,
  );
  const lane = featureOf(shown, "lane", "lane:Q/W");
  expect(Math.round((lane.paused?.until ?? 0) / 1e9)).toBe(31);
  expect(shown.whole.caption?.strong).toBe("W is paused.");
});

test("max_deliver parks a message, and a backoff has its steps", async () => {
  const shown = await show(
    [
      "0s nats stream add ORDERS --subjects 'orders.>' --defaults",
      "0s nats consumer add ORDERS W --pull --ack explicit --max-deliver 2 --wait 1s --defaults",
      `0s nats request '$JS.API.CONSUMER.CREATE.ORDERS.B' '{"stream_name":"ORDERS","config":{"durable_name":"B","ack_policy":"explicit","max_deliver":4,"backoff":[1000000000,5000000000]}}'`,
      "1s nats pub -J orders.new x",
      "1s nats consumer next ORDERS W --no-ack",
      "3s nats consumer next ORDERS W --no-ack",
      "5s nats consumer next ORDERS W --timeout 1s",
    ],
    7,
  );
  const marks = featureOf(shown, "tape", "marks:ORDERS");
  expect(marks.slots.map(({ parked }) => parked)).toEqual(["W delivered it twice"]);
  expect(featureOf(shown, "lane", "lane:ORDERS/B").backoff).toEqual([1e9, 5e9]);
});

test("a bucket is its keys with their history, stones and watchers", async () => {
  const shown = await show(
    [
      "0s nats kv add config --history 3",
      "1s nats kv watch config &",
      "2s nats kv put config color red",
      "2s nats kv put config color blue",
      "2s nats kv put config mode on",
      "2s nats kv del config mode --force",
    ],
    3,
  );
  const bucket = featureOf(shown, "kv", "bucket:KV_config");
  const rows = bucket.keys.map(({ key, value, revisions }) => [
    key,
    value,
    revisions.map(({ seq, stone }) => `${seq}${stone}`).join(" "),
  ]);
  expect(rows).toEqual([
    ["color", "blue", "1 2"],
    ["mode", "", "3 4deleted"],
  ]);
  expect(bucket.watchers.map(({ client, keys }) => [client, keys])).toEqual([["client:t1", ">"]]);
  expect(bucket.keys.every((key) => key.isWatched)).toBe(true);
  expect(bucket.say).toContain("mode: deleted, revision 4");
});

test("an object is bricks under a lid, and a missing brick breaks it", async () => {
  const shown = await show(
    [
      "0s nats object add files",
      "1s seq 1 40000 > big.txt",
      "1s nats object put files big.txt",
      "2s echo hi > a.txt",
      "2s nats object put files a.txt",
      "3s nats stream rmm OBJ_files 1 --force",
      "3s nats object rm files a.txt --force",
    ],
    4,
  );
  const { objects } = featureOf(shown, "objects", "bucket:OBJ_files");
  expect(objects.map(({ name, chunks, held, state }) => [name, chunks, held, state])).toEqual([
    ["a.txt", 0, 0, "deleted"],
    ["big.txt", 2, 1, "broken"],
  ]);
});

test("notes: transforms, republish, counters, batches", async () => {
  const shown = await show(
    [
      "0s nats stream add R --subjects 'r.>' --republish-source 'x.>' --republish-destination 'live.>' --transform-source 'r.*' --transform-destination 'x.{{wildcard(1)}}' --defaults",
      "0s nats stream add C --subjects 'c.>' --allow-counter --defaults",
      "0s nats stream add B --subjects 'b.>' --allow-batch --defaults",
      "1s nats counter incr c.hits 2",
      "1s nats counter incr c.hits 3",
      "1s seq 3 | nats pub -J b.y --atomic --send-on newline",
    ],
    2,
  );
  expect(featureOf(shown, "tape", "marks:R").notes.map(({ text }) => text)).toEqual([
    "stored as x.$1",
    "republishes to live.>",
  ]);
  const counter = featureOf(shown, "tape", "marks:C");
  expect(counter.notes.map(({ text }) => text)).toEqual(["c.hits = 5"]);
  expect(counter.slots.map(({ value }) => value)).toEqual(["2", "5"]);
  const batches = featureOf(shown, "tape", "marks:B").slots.map(({ batch }) => batch);
  expect(batches).toHaveLength(3);
  expect(new Set(batches).size).toBe(1);
});

test("looking changes nothing", async () => {
  const lines = [
    "0s nats kv add config --history 3",
    "0s nats stream add P --subjects 'p.>' --retention interest --defaults",
    "0s nats consumer add P W --pull --ack explicit --pinned-groups g --defaults",
    "1s nats kv watch config &",
    "1s nats kv put config a 1",
    "1s nats pub -J p.a x --count 20",
  ];
  const shown = await show(lines, 3);
  const unseen = await Session.open(parseScenario(scenario(lines)), ground);
  await unseen.runUntil(virtualNanos(3e9));
  expect(worldHash(shown.session.world)).toBe(worldHash(unseen.world));
});
