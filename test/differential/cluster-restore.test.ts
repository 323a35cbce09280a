/**
 * Streams that come out of a backup in a cluster of three: the same archive to three nats-servers
 * and to three of ours. Evidence: the run of nats-server 2.15.2 that each case makes.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { advisories, conf, hello, ready, withoutChance } from "./cluster-programs.ts";
import { type ClusterSide, startOurCluster, startRealCluster } from "./cluster-sides.ts";
import { takeSnapshot } from "./jetstream/backup-client.ts";
import { natsServerPath } from "./real-server.ts";
import { api, pub, runAlone, type Step } from "./side-by-side.ts";
import { startOurSide } from "./sides.ts";

const consumer = (config: Record<string, unknown>): Step =>
  api(`CONSUMER.CREATE.S.${config.durable_name ?? config.name}`, { stream_name: "S", config });

/** An archive with holes, headers, a consumer that has read and one that lives for a while. */
async function makeArchive(): Promise<Uint8Array> {
  const side = startOurSide();
  await runAlone(side, [
    api("STREAM.CREATE.S", { name: "S", subjects: ["s.>"] }),
    pub("s.a", "one"),
    pub("s.b", "two", { "X-Y": "z" }),
    pub("s.a", "three"),
    api("STREAM.MSG.DELETE.S", { seq: 2 }),
    consumer({ durable_name: "D", ack_policy: "explicit", ack_wait: 3_600_000_000_000 }),
    consumer({ name: "E", ack_policy: "explicit", inactive_threshold: 3_600_000_000_000 }),
    api("CONSUMER.MSG.NEXT.S.D", { batch: 1, no_wait: true }),
  ]);
  const { bytes } = await takeSnapshot(side, "S");
  await side.close();
  return bytes;
}

/** What a client of server 1 sends, one a step. */
type Send = (side: ClusterSide, to: string) => Promise<void>;

const request =
  (subject: string, body = ""): Send =>
  (side) =>
    side.send("a", `PUB $JS.API.${subject} inbox ${body.length}\r\n${body}\r\n`);

const chunk =
  (bytes: Uint8Array): Send =>
  (side, to) => {
    const text = Buffer.from(bytes).toString("latin1");
    return side.send("a", `PUB ${to} chunk ${bytes.length}\r\n${text}\r\n`);
  };

const end: Send = (side, to) => side.send("a", `PUB ${to} final 0\r\n\r\n`);
const silence: Send = (side) => side.wait(6000);
/** A group that is younger than ten seconds may be spoken for by its preferred member too. */
const youth: Send = (side) => side.wait(10_500);

const restore = (fields: object): string =>
  JSON.stringify({ config: { name: "S", subjects: ["s.>"], ...fields }, state: { messages: 2 } });

const look = [
  request("STREAM.INFO.S", '{"deleted_details":true}'),
  request("CONSUMER.LIST.S"),
  request("STREAM.MSG.GET.S", '{"seq":3}'),
];

/** When it was; and the header that a server puts before a request it hands to another. */
const chance = /\d{4}-\d\d-\d\dT[\d:.]+Z|NATS\/1\.0\\r\\nNats-Request-Info: .*?\\r\\n\\r\\n/g;

/** A server may be told to forget a stream before it has told others of it. */
const deleted = /^\$JS\.EVENT\.ADVISORY\.(CONSUMER|STREAM)\.DELETED/;
/** The meta leader has something to say where it is the one that waited for the backup. */
const failed = /"subject":"\$JS\.API\.STREAM\.RESTORE\.S","response"/;

/** One step's mail: what came to the requester, and what was told meanwhile. */
async function perform(side: ClusterSide, send: Send, to: string): Promise<string> {
  await send(side, to);
  let mail = "";
  for (let quiet = 0; quiet < 4; ) {
    const { a = "" } = await side.settle();
    quiet = a === "" ? quiet + 1 : 0;
    mail += a;
  }
  return mail;
}

async function play(
  side: ClusterSide,
  steps: readonly Send[],
  byChance: RegExp,
): Promise<string[]> {
  await side.open("a", 1);
  const subs = ["inbox", "chunk", "final", "$JS.EVENT.ADVISORY.>"];
  await side.send("a", `${hello}${subs.map((sub, i) => `SUB ${sub} ${i + 1}\r\n`).join("")}`);
  await side.settle();
  const shown: string[] = [];
  let to = "";
  for (const step of steps) {
    const mail = await perform(side, step, to);
    to = /"deliver_subject":"([^"]+)"/.exec(mail)?.[1] ?? to;
    const told = advisories(mail.replaceAll(" 4 ", " 2 ")).replace(chance, "").split("\n");
    const kept = told.filter((line) => !byChance.test(line));
    shown.push([replies(mail), ...kept].join("\n"));
  }
  await side.hangUp();
  return shown;
}

/** The first reply on each subject: in nats-server a second may slip through. */
function replies(mail: string): string {
  const found = mail.matchAll(
    /^H?MSG (inbox|chunk|final) \d [\d ]+\r\n([\s\S]*?)\r\n(?=H?MSG|$)/gm,
  );
  const first = new Map<string, string>();
  for (const [, subject = "", text = ""] of found) {
    if (!first.has(subject)) first.set(subject, shownText(text));
  }
  return [...first].map(([subject, text]) => `${subject} ${text}`).join("\n");
}

function shownText(text: string): string {
  const plain = text.replace(/(RESTORE\.S\.)\w{22}/, "$1<id>");
  return plain.startsWith("{") ? JSON.stringify(JSON.parse(plain, withoutChance), null, 1) : plain;
}

describe.skipIf(natsServerPath === null)("a backup comes back in a cluster", () => {
  let real: ClusterSide;
  let archive: Uint8Array;
  beforeAll(async () => {
    archive = await makeArchive();
    real = await startRealCluster(conf);
    await ready(real);
  }, 60_000);
  afterAll(() => real?.stop());

  const garbage = new TextEncoder().encode("this is no archive, whatever else it is");
  const cases: Readonly<Record<string, (bytes: Uint8Array) => readonly Send[]>> = {
    "on three servers, and stays with another leader": (bytes) => [
      request("STREAM.RESTORE.S", restore({ num_replicas: 3 })),
      request("STREAM.INFO.S"),
      request("STREAM.RESTORE.S", restore({ num_replicas: 3 })),
      chunk(bytes),
      end,
      ...look,
      youth,
      request("STREAM.LEADER.STEPDOWN.S"),
      ...look,
      request("CONSUMER.LEADER.STEPDOWN.S.D"),
      request("CONSUMER.INFO.S.D"),
      request("STREAM.DELETE.S"),
    ],
    "on one server": (bytes) => [
      request("STREAM.RESTORE.S", restore({ num_replicas: 1 })),
      request("STREAM.INFO.S"),
      chunk(bytes.subarray(0, 200)),
      chunk(bytes.subarray(200)),
      end,
      ...look,
      request("STREAM.DELETE.S"),
    ],
    "in memory, for a stream that works for its consumers": (bytes) => [
      request(
        "STREAM.RESTORE.S",
        restore({ num_replicas: 3, storage: "memory", retention: "interest" }),
      ),
      chunk(bytes),
      end,
      ...look,
      request("STREAM.DELETE.S"),
    ],
    "not when the request is wrong": () => [
      request("STREAM.RESTORE.S"),
      request("STREAM.RESTORE.S", "{"),
      request("STREAM.RESTORE.T", restore({})),
      request("STREAM.RESTORE.S", restore({ num_replicas: 6 })),
      request("STREAM.RESTORE.S", restore({ num_replicas: 5 })),
      request("STREAM.RESTORE.S", restore({ subjects: ["s..a"] })),
    ],
    "on one server, when it is no archive": () => [
      request("STREAM.RESTORE.S", restore({ num_replicas: 1 })),
      chunk(garbage),
      end,
      request("STREAM.INFO.S"),
      request("STREAM.DELETE.S"),
    ],
    "on one server, when nobody goes on": (bytes) => [
      request("STREAM.RESTORE.S", restore({ num_replicas: 1 })),
      chunk(bytes.subarray(0, 300)),
      silence,
      request("STREAM.DELETE.S"),
    ],
    "on three servers, when it is no archive": () => [
      request("STREAM.RESTORE.S", restore({ num_replicas: 3 })),
      chunk(garbage),
      end,
      request("STREAM.DELETE.S"),
    ],
    "on three servers, when the stream is deleted meanwhile": (bytes) => [
      request("STREAM.RESTORE.S", restore({ num_replicas: 3 })),
      chunk(bytes.subarray(0, 30)),
      request("STREAM.DELETE.S"),
      request("STREAM.NAMES"),
    ],
  };

  for (const [title, steps] of Object.entries(cases)) {
    test(title, { timeout: 120_000 }, async () => {
      const ours = await startOurCluster(conf);
      await ready(ours);
      const isEmpty = title === "on three servers, when it is no archive";
      const byChance = isEmpty ? new RegExp(`${deleted.source}|${failed.source}`) : deleted;
      const played = await play(ours, steps(archive), byChance);
      await ours.stop();
      expect(played).toEqual(await play(real, steps(archive), byChance));
    });
  }
});
