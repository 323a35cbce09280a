/**
 * Streams that copy from another account, through its API under a prefix. Evidence: the run of
 * nats-server that each case makes.
 */
import { afterAll, beforeAll, describe, test } from "vitest";
import { api, compareSides, pub, type Step, sub, wait } from "../side-by-side.ts";
import { findNatsServer, type Side, startOurSide, startRealSide } from "../sides.ts";
import { withoutMoments } from "./origin-cases.ts";

const binary = findNatsServer();
const title = binary === null ? "external (skipped: no nats-server found)" : "external";

/** B asks A's API as `A.API.>`, hears what A delivers, and publishes into A's streams. */
const conf = `
accounts {
  A {
    jetstream: enabled
    users: [{ user: a, password: p }]
    exports: [
      { service: "$JS.API.>" }, { service: "$JS.FC.>" }, { service: "$JS.ACK.>" }
      { service: "o.>" }, { stream: "to.b.>" }, { stream: "news.>" }
    ]
  }
  B {
    jetstream: enabled
    users: [{ user: b, password: p }]
    imports: [
      { service: { account: A, subject: "$JS.API.>" }, to: "A.API.>" }
      { service: { account: A, subject: "$JS.FC.>" } }
      { service: { account: A, subject: "$JS.ACK.O.>" } }
      { service: { account: A, subject: "o.>" } }
      { stream: { account: A, subject: "to.b.>" } }
      { stream: { account: A, subject: "news.>" }, to: "from.a.>" }
    ]
  }
}`;

const inA = (verb: string, body?: unknown): Step => ({
  do: "request",
  subject: `A.API.${verb}`,
  body: body === undefined ? "" : JSON.stringify(body),
});
const external = { api: "A.API", deliver: "to.b" };
const create = (config: Record<string, unknown>): Step =>
  api(`STREAM.CREATE.${config.name}`, config);
const info = (name: string): Step =>
  api(`STREAM.INFO.${name}`, { subjects_filter: ">", deleted_details: true });
const get = (name: string, seq: number): Step => api(`STREAM.MSG.GET.${name}`, { seq });

const fill: readonly Step[] = [
  inA("STREAM.CREATE.O", { name: "O", subjects: ["o.*"] }),
  pub("o.a", "1"),
  pub("o.b", "2", { A: "b" }),
  pub("o.a", "3"),
];

const normalise = (text: string): string =>
  withoutMoments(text).replace(/Nats-Time-Stamp: [^\\]+/, "Nats-Time-Stamp: <time>");

describe.skipIf(binary === null)(title, () => {
  let real: Side;
  beforeAll(async () => {
    real = await startRealSide(binary ?? "", { conf, user: "b" });
  });
  afterAll(async () => {
    await real.close();
  });
  const compare = async (steps: readonly Step[]): Promise<void> => {
    await real.reconnect();
    const clean = [
      ...["M", "S", "T"].map((name) => api(`STREAM.DELETE.${name}`)),
      inA("STREAM.DELETE.O"),
    ];
    await compareSides(real, startOurSide({ conf, user: "b" }), clean, () => "");
    await compareSides(real, startOurSide({ conf, user: "b" }), steps, normalise);
  };

  test("a mirror of a stream of another account", async () => {
    await compare([
      ...fill,
      create({ name: "M", mirror: { name: "O", external } }),
      wait(700),
      info("M"),
      get("M", 2),
      pub("o.c", "4"),
      wait(300),
      info("M"),
    ]);
  });

  test("sources from another account, filtered and mapped", async () => {
    await compare([
      ...fill,
      create({ name: "O", subjects: ["own"] }),
      create({ name: "S", sources: [{ name: "O", external, filter_subject: "o.a" }] }),
      wait(700),
      api("STREAM.UPDATE.S", {
        name: "S",
        sources: [
          { name: "O", external, filter_subject: "o.a" },
          { name: "O", external, subject_transforms: [{ src: "o.b", dest: "from.b" }] },
        ],
      }),
      wait(700),
      info("S"),
      get("S", 1),
      get("S", 3),
      api("STREAM.DELETE.O"),
    ]);
  });

  test("a stream keeps what its account imports", async () => {
    await compare([
      inA("STREAM.CREATE.O", {
        name: "O",
        subjects: ["o.*"],
        republish: { src: "o.*", dest: "news.{{wildcard(1)}}" },
      }),
      create({ name: "T", subjects: ["from.a.*", "t.*"] }),
      pub("o.x", "1"),
      pub("o.y", "2"),
      wait(200),
      info("T"),
      get("T", 1),
      get("T", 2),
    ]);
  });

  test("a prefix that leads nowhere, or into an own stream", async () => {
    await compare([
      ...fill,
      create({
        name: "M",
        mirror: { name: "O", external: { api: "NOWHERE.API", deliver: "to.b" } },
      }),
      wait(400),
      info("M"),
      create({ name: "T", subjects: ["to.b.>"] }),
      create({ name: "S", sources: [{ name: "O", external }] }),
      sub("to.>"),
      api("STREAM.UPDATE.M", {
        name: "M",
        mirror: { name: "O", external: { api: "NOWHERE.API", deliver: "to.c" } },
      }),
    ]);
  });
});

describe.skipIf(binary === null)(`${title}, with a domain`, () => {
  test("the API answers under the domain too, and what it says names the domain", async () => {
    const options = { jetstream: "domain: hub" };
    const real = await startRealSide(binary ?? "", options);
    const inHub = (verb: string, body?: unknown): Step => ({
      do: "request",
      unordered: true,
      subject: `$JS.hub.API.${verb}`,
      body: body === undefined ? "" : JSON.stringify(body),
    });
    const hub = { api: "$JS.hub.API", deliver: "" };
    const steps: readonly Step[] = [
      sub("$JS.EVENT.ADVISORY.STREAM.>"),
      sub("$JS.EVENT.ADVISORY.CONSUMER.>"),
      inHub("INFO"),
      inHub("STREAM.CREATE.O", { name: "O", subjects: ["o.*"], allow_direct: true }),
      pub("o.a", "1"),
      inHub("STREAM.INFO.O"),
      api("STREAM.INFO.O"),
      inHub("DIRECT.GET.O", { seq: 1 }),
      inHub("CONSUMER.CREATE.O.D", {
        stream_name: "O",
        config: { durable_name: "D", ack_policy: "explicit" },
      }),
      inHub("CONSUMER.MSG.NEXT.O.D", { batch: 1, no_wait: true }),
      inHub("STREAM.CREATE.M", { name: "M", mirror: { name: "O", external: hub } }),
      wait(700),
      inHub("STREAM.INFO.M"),
      { do: "request", subject: "$JS.other.API.INFO", body: "" },
    ];
    try {
      await compareSides(real, startOurSide(options), steps, domainText);
    } finally {
      await real.close();
    }
  });
});

/** Without moments. */
function domainText(text: string): string {
  return text
    .replace(/(\$JS\.ACK\.\S+?)\.\d{15,}\./, "$1.<time>.")
    .replace(/Nats-Time-Stamp: \S+/, "Nats-Time-Stamp: <time>")
    .replace(/\\?"active\\?":\d+/g, '"active":0');
}
