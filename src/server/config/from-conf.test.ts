import { describe, expect, test } from "vitest";
import { minutes, seconds } from "../../kernel/index.ts";
import { configObstacle, serverConfigFromText } from "./from-conf.ts";
import { defaultServerConfig, type ServerConfig } from "./server-config.ts";

const read = (text: string): ServerConfig => serverConfigFromText(text).config;

function complaint(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  return "";
}

// Evidence: the profiles that the recordings were made with; nats-server opts.go, const.go.
describe("configuration files", () => {
  test("what is not said keeps nats-server's default", () => {
    expect(read("port: 4222")).toEqual(defaultServerConfig(""));
  });

  test("one server with JetStream", () => {
    const config = read(`
      server_name: n1
      listen: 127.0.0.1:14222
      http: 8222
      jetstream { store_dir: /srv/js, max_mem: 256M, max_file: "1G", sync_interval: always }
      ping_interval: "30s"
      max_payload: 8kb
    `);
    expect(config).toMatchObject({ name: "n1", host: "127.0.0.1", port: 14_222 });
    expect(config.monitoring).toEqual({ host: "", port: 8222 });
    expect(config.jetstream).toMatchObject({
      storeDir: "/srv/js",
      maxMemory: 256_000_000,
      maxFile: 1024 ** 3,
      syncInterval: null,
    });
    expect(config.pingInterval).toBe(seconds(30));
    expect(config.limits.maxPayload).toBe(8192);
  });

  test("a store directory at top level is JetStream's", () => {
    expect(read("store_dir: /a\njetstream: enabled").jetstream?.storeDir).toBe("/a");
    expect(complaint("store_dir: /a\njetstream { store_dir: /b }")).toContain(
      "Duplicate 'store_dir'",
    );
    expect(complaint("store_dir: /a\nstoredir: /b")).toContain("Duplicate 'store_dir'");
    expect(read("jetstream { enabled: false }").jetstream).toBeNull();
  });

  // nats-server refuses it only when Go's map gives it the prefix first (opts.go).
  test("a stream import has a prefix or a name of its own", () => {
    const both = "imports [ {stream: {account: A, subject: 'a.*'}, to: 'b', prefix: c} ]";
    expect(complaint(`accounts { A { exports [ {stream: 'a.*'} ] }, B { ${both} } }`)).toContain(
      "Stream import can not have a 'prefix' and a 'to' property",
    );
  });

  test("accounts with users, permissions, limits and mappings", () => {
    const config = read(`
      accounts {
        SYS { users [ { user: sys, password: sys } ] }
        APP {
          users [
            { user: app, password: app }
            {
              user: ro, password: ro
              permissions {
                publish: ["pub.ok", "$JS.API.INFO"]
                subscribe { allow: ["sub.ok", "_INBOX.> workers"], deny: "sub.no" }
                allow_responses { max: 5, expires: "1m" }
              }
            }
          ]
          jetstream { max_mem: 1M, max_file: 8M, max_streams: 2, max_consumers: 2, max_bytes: true }
          limits { max_connections: 7 }
          mappings { "map.*.in": "mapped.{{wildcard(1)}}", split: [
            { destination: a, weight: 30% }
            { destination: b, weight: 20% }
          ] }
        }
      }
      system_account: SYS
      no_auth_user: app
    `);
    const app = config.accounts.find(({ name }) => name === "APP");
    expect(app?.users[1]?.permissions).toEqual({
      publish: { allow: ["pub.ok", "$JS.API.INFO"], deny: [] },
      subscribe: { allow: ["sub.ok", "_INBOX.> workers"], deny: ["sub.no"] },
      responses: { max: 5, expires: minutes(1) },
    });
    expect(app?.jetstream).toMatchObject({
      maxMemory: 1_000_000,
      maxFile: 8_000_000,
      maxStreams: 2,
      maxConsumers: 2,
      maxBytesRequired: true,
    });
    expect(app?.maxConnections).toBe(7);
    expect(app?.mappings.map(({ source }) => source)).toEqual(["map.*.in", "split"]);
    expect(app?.mappings[1]?.destinations.map(({ weight }) => weight)).toEqual([30, 20]);
    expect(configObstacle(config)).toBeNull();
  });

  test("names are compared without case, and variables need no meaning", () => {
    expect(read("P: 77\nPORT: $P").port).toBe(77);
  });

  test("every problem is named with its place", () => {
    expect(complaint("port: x\nnope: 1\nauthorization { nah: 2 }").split("\n")).toEqual([
      ":1:0: interface conversion: interface {} is string, not int64",
      ':2:1: unknown field "nope"',
      ':3:17: unknown field "nah"',
    ]);
  });

  test("keys without effect here are told apart from unknown ones", () => {
    const text = 'leafnodes { listen: "127.0.0.1:-1" }\ntls { cert_file: x, key_file: y }\nport: 1';
    expect(serverConfigFromText(text).ignored).toEqual(["leafnodes", "tls"]);
  });

  // Source: nats-server `parseCluster`, `parseURL`; the port of routes is our own assumption.
  test("routes are places, whatever else their URLs say", () => {
    const routes = "[nats-route://u:p@n2:6223, nats://n3, nats-route://127.0.0.1:6222/]";
    const { cluster } = read(`cluster { name: C1, listen: "n1:6222", routes: ${routes} }`);
    expect(cluster?.routes).toEqual([
      { host: "n2", port: 6223 },
      { host: "n3", port: 6222 },
      { host: "127.0.0.1", port: 6222 },
    ]);
    expect([cluster?.name, cluster?.host, cluster?.port]).toEqual(["C1", "n1", 6222]);
  });

  // Evidence: what nats-server 2.15.2 prints when it is started with such a file.
  test.each([
    ["websocket { port: 1 }", "websocket requires TLS configuration"],
    ["no_auth_user: x", 'no_auth_user: "x" present, but users/nkeys are not defined'],
    [
      "max_payload: 100000000",
      "max_payload (100000000) cannot be higher than max_pending (67108864)",
    ],
    ["system_account: X", "error resolving system account: account missing"],
  ])("a server does not start with %j", (text, why) => {
    expect(configObstacle(read(text))).toBe(why);
  });
});
