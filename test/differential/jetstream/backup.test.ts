/**
 * Snapshots and restores beside nats-server, and between the two: what one side writes the other
 * reads. Evidence: the run of nats-server that each case makes.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { decodeText } from "../../../src/protocol/index.ts";
import { api, clearStreams, compareSides, pub, type Step } from "../side-by-side.ts";
import { findNatsServer, type Side, startOurSide, startRealSide } from "../sides.ts";
import { type Restored, restoreSnapshot, type Taken, takeSnapshot } from "./backup-client.ts";

const binary = findNatsServer();
const title = binary === null ? "backups (skipped: no nats-server found)" : "backups";

const create = (config: Record<string, unknown>): Step =>
  api(`STREAM.CREATE.${config.name}`, config);
const consumer = (stream: string, config: Record<string, unknown>): Step =>
  api(`CONSUMER.CREATE.${stream}.${config.durable_name ?? config.name}`, {
    stream_name: stream,
    config,
  });
const next = (stream: string, name: string, batch: number, reply: string): Step => ({
  do: "request",
  subject: `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`,
  body: JSON.stringify({ batch, no_wait: true }),
  reply,
});

/** Messages with headers and holes; consumers with deliveries, acks and redeliveries. */
const richStream: readonly Step[] = [
  create({
    name: "S",
    subjects: ["s.>"],
    allow_msg_ttl: true,
    description: "all of it",
    metadata: { team: "a" },
  }),
  pub("s.a", "one"),
  pub("s.b", "two", { "Nats-Msg-Id": "m2", "X-Y": "z" }),
  pub("s.a", ""),
  pub("s.c", "four", { "Nats-TTL": "never" }),
  pub("s.c", "fünf".repeat(400)),
  pub("s.d", "six"),
  api("STREAM.MSG.DELETE.S", { seq: 3 }),
  api("STREAM.MSG.DELETE.S", { seq: 6 }),
  consumer("S", { durable_name: "D", ack_policy: "explicit", ack_wait: 60_000_000_000 }),
  consumer("S", { name: "E", ack_policy: "none", filter_subject: "s.a", mem_storage: true }),
  consumer("S", { durable_name: "N", ack_policy: "all", deliver_policy: "new" }),
  next("S", "D", 3, "d"),
  { do: "publish", subject: "$JS.ACK.S.D.1.1.1.0.0" },
  { do: "publish", subject: "$JS.ACK.S.D.1.4.3.0.0", body: "-NAK" },
  next("S", "D", 1, "d2"),
  next("S", "E", 1, "e"),
];

const times = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** Without moments, ids and what names a connection. */
function plain(text: string): string {
  return text
    .replace(times, (found) => (found.startsWith("0001") ? found : "<time>"))
    .replace(/"Timestamp":\d+/g, '"Timestamp":0')
    .replace(/"id":"\w{22}"/g, '"id":"<id>"')
    .replace(/"rtt":\d+,/g, "")
    .replace(/"client":\{"start":"<time>","host":"127.0.0.1","id":\d+/g, '"client":{');
}

const shownTaken = ({ reply, acks, end, entries, advisories }: Taken): unknown => ({
  reply: plain(reply),
  acks,
  end,
  entries: entries.map(({ name, seq, headers, payload }) => {
    const text = plain(decodeText(payload));
    return { name, seq, headers: decodeText(headers), text };
  }),
  advisories: advisories.map(plain),
});

const shownRestored = ({ reply, acks, final, advisories }: Restored): unknown => ({
  reply: plain(reply),
  acks,
  final: plain(final),
  // How many bytes it took depends on how well they were compressed. That the stream was made is
  // told by another goroutine than that it is complete.
  advisories: advisories.map((one) => plain(one).replace(/"bytes":\d+/, '"bytes":0')).sort(),
});

/** All that can be asked of a stream and its consumers. */
const look: readonly Step[] = [
  api("STREAM.INFO.S", { deleted_details: true, subjects_filter: ">" }),
  ...[1, 2, 3, 4, 5, 6].map((seq) => api("STREAM.MSG.GET.S", { seq })),
  api("CONSUMER.INFO.S.D"),
  api("CONSUMER.INFO.S.E"),
  api("CONSUMER.INFO.S.N"),
];

const requestOf = (taken: Taken): unknown => {
  const { config, state } = JSON.parse(taken.reply);
  return { config, state };
};

describe.skipIf(binary === null)(title, () => {
  let real: Side;
  let ours: Side;
  beforeAll(async () => {
    real = await startRealSide(binary ?? "");
  });
  afterAll(async () => {
    await real.close();
  });
  beforeEach(async () => {
    await real.reconnect();
    await clearStreams(real);
    ours = startOurSide();
  });

  const both = async <T>(act: (side: Side) => Promise<T>): Promise<[T, T]> => [
    await act(ours),
    await act(real),
  ];
  const clear = (): Promise<unknown> => both(clearStreams);
  /** Runs the same on both, with the same answers. */
  const run = (steps: readonly Step[]): Promise<void> => compareSides(real, ours, steps, plainAcks);

  test("a snapshot holds the same, entry by entry", async () => {
    await run(richStream);
    const [own, theirs] = await both(async (side) => [
      await takeSnapshot(side, "S"),
      await takeSnapshot(side, "S", { no_consumers: true }),
    ]);
    expect(own.map(shownTaken)).toEqual(theirs.map(shownTaken));
    expect(own[0]?.entries.map(({ name }) => name)).toContain("consumers/D");
  });

  test("chunks come as they are acknowledged, with a status behind them", async () => {
    const fill = [create({ name: "S", subjects: ["s.>"] })];
    for (let i = 0; i < 40; i++) fill.push(pub(`s.${i}`, noise(i, 300)));
    const sizes = { chunk_size: 1024, window_size: 3000 };
    await run(fill);
    const [own, theirs] = await both((side) => takeSnapshot(side, "S", sizes));
    // Ours is compressed otherwise, so the number of chunks may differ a little.
    expect(own.sizes.slice(0, -1).every((size) => size === 1024)).toBe(true);
    expect(own.acks.slice(0, 8)).toEqual(theirs.acks.slice(0, 8));
    expect(own.end).toBe(theirs.end);
    expect(own.entries.length).toBe(theirs.entries.length);
  });

  test("whoever does not acknowledge is given up after five seconds", async () => {
    const fill = [create({ name: "S", subjects: ["s.>"] })];
    for (let i = 0; i < 40; i++) fill.push(pub(`s.${i}`, noise(i, 300)));
    await run(fill);
    const [own, theirs] = await both((side) =>
      takeSnapshot(side, "S", { chunk_size: 1024, window_size: 3000 }, 2),
    );
    expect([own.end, own.sizes.length]).toEqual([theirs.end, theirs.sizes.length]);
    expect(own.advisories.map(plain)).toEqual(theirs.advisories.map(plain));
    expect(own.end).toContain("408 No Flow Response");
  }, 20_000);

  test("what either side saved comes back on either side", async () => {
    await run(richStream);
    const snapshots = await both((side) => takeSnapshot(side, "S"));
    for (const taken of snapshots) {
      await clear();
      const [own, theirs] = await both((side) =>
        restoreSnapshot(side, "S", requestOf(taken), taken.bytes),
      );
      expect(shownRestored(own)).toEqual(shownRestored(theirs));
      await run(look);
    }
  });

  test("messages keep the moments at which they were stored", async () => {
    await run(richStream);
    const taken = await takeSnapshot(real, "S");
    await clear();
    await restoreSnapshot(ours, "S", requestOf(taken), taken.bytes);
    const copied = await takeSnapshot(ours, "S");
    const stamps = (one: Taken): unknown[] =>
      one.entries.filter(({ seq }) => seq > 0).map(({ seq, time }) => [seq, time]);
    expect(stamps(copied)).toEqual(stamps(taken));
  });

  test("a restored stream goes on where it was, and its consumers too", async () => {
    await run(richStream);
    await both(async (side) => {
      const taken = await takeSnapshot(side, "S");
      await clearStreams(side);
      await restoreSnapshot(side, "S", requestOf(taken), taken.bytes);
    });
    await run([
      pub("s.a", "seven", { "Nats-Msg-Id": "m2" }),
      next("S", "D", 10, "d"),
      next("S", "N", 10, "n"),
      api("CONSUMER.INFO.S.D"),
      pub("s.a", "eight"),
      pub("s.a", "nine", { "Nats-Msg-Id": "m2" }),
      next("S", "E", 1, "e"),
    ]);
  });

  test("empty, purged and limited streams come back as they were", async () => {
    const streams: readonly (readonly Step[])[] = [
      [create({ name: "S", subjects: ["s.>"] })],
      [create({ name: "S", subjects: ["s.>"], storage: "memory" })],
      [create({ name: "S", subjects: ["s.>"], first_seq: 100 })],
      [create({ name: "S", subjects: ["s.>"] }), pub("s.a"), pub("s.a"), api("STREAM.PURGE.S")],
      [
        create({ name: "S", subjects: ["s.>"], max_msgs: 2, storage: "memory" }),
        ...[1, 2, 3, 4].map((i) => pub("s.a", String(i))),
        api("STREAM.MSG.DELETE.S", { seq: 4 }),
      ],
      [
        create({ name: "S", subjects: ["s.>"], retention: "interest" }),
        consumer("S", { durable_name: "D", ack_policy: "explicit" }),
        consumer("S", { durable_name: "N", ack_policy: "explicit", filter_subject: "s.b" }),
        ...["a", "b", "b", "a"].map((at) => pub(`s.${at}`)),
        next("S", "D", 4, "d"),
        { do: "publish", subject: "$JS.ACK.S.D.1.1.1.0.0" },
        { do: "publish", subject: "$JS.ACK.S.D.1.2.2.0.0" },
      ],
    ];
    for (const steps of streams) {
      await clear();
      await run(steps);
      const [own, theirs] = await both(async (side) => {
        const taken = await takeSnapshot(side, "S");
        await clearStreams(side);
        const restored = await restoreSnapshot(side, "S", requestOf(taken), taken.bytes);
        return [shownTaken(taken), shownRestored(restored)];
      });
      expect(own).toEqual(theirs);
      await run(look);
    }
  }, 30_000);

  test("refuses what is no request", async () => {
    await run([
      create({ name: "S", subjects: ["s.>"] }),
      api("STREAM.SNAPSHOT.S"),
      api("STREAM.SNAPSHOT.NONE", { deliver_subject: "d" }),
      api("STREAM.SNAPSHOT.S", { deliver_subject: "d.*" }),
      api("STREAM.SNAPSHOT.S", { no_consumers: true }),
      api("STREAM.SNAPSHOT.S", { deliver_subject: "d", wrong: 1 }),
      api("STREAM.RESTORE.S"),
      api("STREAM.RESTORE.S", { config: { name: "S" }, state: {} }),
      api("STREAM.RESTORE.S", { config: { name: "T" }, state: {} }),
      api("STREAM.RESTORE.T", { config: { name: "T", wrong: true } }),
      api("STREAM.RESTORE.T", { config: { name: "T", max_age: -1 } }),
      api("STREAM.RESTORE.T", { state: { messages: -1 } }),
    ]);
  });

  test("says what is wrong with bytes that are no snapshot", async () => {
    await run(richStream);
    const { bytes, reply } = await takeSnapshot(ours, "S");
    const { config, state } = JSON.parse(reply);
    const request = { config, state };
    const flipped = Uint8Array.from(bytes, (byte, i) => (i === bytes.length - 3 ? byte ^ 1 : byte));
    const broken = [
      new Uint8Array(),
      Buffer.from("hello world, this is no snapshot"),
      bytes.subarray(0, 10),
      bytes.subarray(0, 100),
      flipped,
    ];
    for (const content of broken) {
      const [own, theirs] = await both(async (side) => {
        await clearStreams(side);
        return restoreSnapshot(side, "S", request, content);
      });
      expect(shownRestored(own), `${content.length} bytes`).toEqual(shownRestored(theirs));
    }
  });

  test("wants a place for each answer", async () => {
    const body = JSON.stringify({ config: { name: "T", subjects: ["t"] }, state: {} });
    const [own, theirs] = await both(async (side) => {
      side.send(`SUB _B.none 76\r\nSUB $JS.EVENT.ADVISORY.STREAM.> 77\r\n`);
      side.send(`PUB $JS.API.STREAM.RESTORE.T _B.none ${body.length}\r\n${body}\r\n`);
      await side.wait(100);
      const reply = (await side.take(0)).find(({ sid }) => sid === "76");
      const to = JSON.parse(reply?.payload ?? "{}").deliver_subject;
      side.send(`PUB ${to} 3\r\nabc\r\n`);
      await side.wait(100);
      const told = (await side.take(0)).map(({ subject, payload }) => plain(subject + payload));
      side.send("UNSUB 76\r\nUNSUB 77\r\n");
      return told;
    });
    expect(own).toEqual(theirs);
    expect(own.join()).toContain("restore_complete");
  });
});

function plainAcks(text: string): string {
  return plain(text).replace(/(\$JS\.ACK\.\w+\.\w+\.\d+\.\d+\.\d+\.)\d+/g, "$1<time>");
}

/** Text that does not compress. */
function noise(seed: number, size: number): string {
  let state = seed + 1;
  let text = "";
  while (text.length < size) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += state.toString(36);
  }
  return text.slice(0, size);
}
