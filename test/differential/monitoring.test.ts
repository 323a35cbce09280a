/** The monitoring pages of nats-server and of ours: the same fields, the same types, in order. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Headless, startHeadless } from "../../src/node/serve/headless.ts";
import { serverConfigFromText } from "../../src/server/index.ts";
import { freePort } from "./ports.ts";
import { RawClient } from "./raw-client.ts";
import { natsServerPath, type RealServer, startNatsServer } from "./real-server.ts";

const conf = (http: number): string => `
  server_name: n1
  http: "127.0.0.1:${http}"
  jetstream { store_dir: "$FOLDER", max_mem: 256M, max_file: 1G }
  server_tags: [ "a:b" ]
`;

/** Fields whose presence or value depends on the machine, or on counters that we do not keep. */
const ownFields = new Set(["imports", "rtt", "http_req_stats", "limits"]);

/** Names and types, in order; of a list the first element. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.entries(value)
    .filter(([key]) => !ownFields.has(key))
    .map(([key, member]) => [key, shape(member)]);
}

interface Page {
  readonly status: number;
  readonly type: string | null;
  readonly origin: string | null;
  readonly body: string;
}

async function get(port: number, path: string): Promise<Page> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    origin: response.headers.get("access-control-allow-origin"),
    body: await response.text(),
  };
}

describe.skipIf(natsServerPath === null)("monitoring beside nats-server", () => {
  let real: RealServer;
  let ours: Headless;
  const http = { real: 0, ours: 0 };
  const clients: RawClient[] = [];
  beforeAll(async () => {
    http.real = await freePort();
    http.ours = await freePort();
    const port = await freePort();
    real = await startNatsServer(conf(http.real));
    // Without a store directory ours keeps everything in memory.
    const text = conf(http.ours).replace('store_dir: "$FOLDER", ', "");
    const { config } = serverConfigFromText(`listen: "127.0.0.1:${port}"\n${text}`);
    ours = await startHeadless(config, { write: () => {}, reopen: () => {} });
    // The other server was asked whether it listens.
    (await RawClient.open(port)).close();
    for (const at of [real.port, port]) {
      const client = await RawClient.open(at);
      const connect = { verbose: false, name: "c", lang: "raw", version: "1", protocol: 1 };
      await client.say(`CONNECT ${JSON.stringify(connect)}\r\nPING\r\nSUB a.* q 1\r\n`);
      await client.say("PUB a.b 5\r\nhello\r\n");
      clients.push(client);
    }
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await real.stop();
    await ours.stop();
  });

  test.each([
    "/varz",
    "/connz",
    "/connz?subs=true",
    "/connz?subs=detail&auth=1",
    "/connz?state=closed",
    "/connz?cid=999999",
    "/subsz",
    "/subsz?subs=1&test=a.b",
    "/jsz",
    "/jsz?accounts=1",
    "/routez",
    "/leafz",
    "/gatewayz",
    "/ipqueuesz",
    "/accountz",
    "/accountz?acc=$G",
    "/accstatz",
    "/accstatz?unused=1",
    "/healthz",
    "/healthz?js-enabled-only=true",
  ])("%s has the same fields", async (path) => {
    const [expected, got] = await Promise.all([get(http.real, path), get(http.ours, path)]);
    const head = ({ status, type, origin }: Page): unknown => ({ status, type, origin });
    expect(head(got)).toEqual(head(expected));
    expect(shape(JSON.parse(got.body))).toEqual(shape(JSON.parse(expected.body)));
  });

  test.each([
    "/nope",
    "/raftz",
    "/connz?sort=foo",
    "/connz?cid=x",
    "/connz?auth=maybe",
    "/connz?limit=x",
    "/healthz?account=X",
    "/healthz?stream=S",
    "/healthz?account=$G&consumer=C",
    "/healthz",
    "/ipqueuesz",
  ])("%s has the same text", async (path) => {
    const [expected, got] = await Promise.all([get(http.real, path), get(http.ours, path)]);
    expect(got).toEqual(expected);
  });

  test("counters agree", async () => {
    const names = ["connections", "in_msgs", "in_bytes", "out_msgs", "out_bytes", "slow_consumers"];
    const counters = async (port: number): Promise<unknown[]> => {
      const page = JSON.parse((await get(port, "/varz")).body) as Record<string, unknown>;
      return names.map((name) => page[name]);
    };
    expect(await counters(http.ours)).toEqual(await counters(http.real));
  });
});
