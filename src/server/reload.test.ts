import { describe, expect, test } from "vitest";
import { serverConfigFromText } from "./config/from-conf.ts";
import type { ServerConfig } from "./config/server-config.ts";
import { reloadServer } from "./server.ts";
import { type Bench, bench, open, say, take } from "./test-bench.ts";

const read = (text: string): ServerConfig => serverConfigFromText(text).config;
const users = (...lines: readonly string[]): ServerConfig =>
  read(`port: -1, authorization { users: [${lines.join(", ")}] }`);
const as = (user: string): string => `CONNECT {"verbose":false,"user":"${user}","pass":"x"}\r\n`;

function started(config: ServerConfig): Bench {
  return bench({ ...config, port: 4222 });
}

const reload = (on: Bench, config: ServerConfig): void => reloadServer(on.server, on.io, config);

// Evidence: nats-server reload.go reloadAuthorization, client.go processSubsOnConfigReload; what
// clients see of each was measured on nats-server 2.15.2.
describe("reload", () => {
  test("takes subscriptions away that are not allowed any more", () => {
    const on = started(users("{user: a, password: x}"));
    open(on, 1, as("a"));
    say(on, 1, "SUB keep 1\r\nSUB _INBOX.* 2\r\nSUB _INBOX.q g 3\r\n");
    reload(on, users("{user: a, password: x, permissions: {subscribe: {deny: _INBOX.>}}}"));
    expect(take(on, 1)).toBe(
      '-ERR \'Permissions Violation for Subscription to "_INBOX.*" (sid "2")\'\r\n' +
        '-ERR \'Permissions Violation for Subscription to "_INBOX.q" ' +
        'using queue "g" (sid "3")\'\r\n',
    );
    expect([...(on.server.conns.get(1)?.subs.keys() ?? [])]).toEqual(["1"]);
    expect(on.server.config.port).toBe(4222);
  });

  test("closes a user that is gone without a word, and says so to a wrong password", () => {
    const on = started(users("{user: a, password: x}", "{user: b, password: x}"));
    open(on, 1, as("a"));
    open(on, 2, as("b"));
    reload(on, users("{user: b, password: y}"));
    expect(take(on, 1)).toBe("");
    expect(on.closed.get(1)).toBe("Client Closed");
    expect(take(on, 2)).toBe("-ERR 'Authorization Violation'\r\n");
    expect(on.closed.get(2)).toBe("Authentication Failure");
  });

  test("gives new permissions to publish", () => {
    const on = started(users("{user: a, password: x, permissions: {publish: other}}"));
    open(on, 1, as("a"));
    say(on, 1, "SUB yes 1\r\nPUB yes 0\r\n\r\n");
    expect(take(on, 1)).toContain("Permissions Violation for Publish");
    reload(on, users("{user: a, password: x}"));
    say(on, 1, "PUB yes 0\r\n\r\n");
    expect(take(on, 1)).toBe("MSG yes 1 0\r\n\r\n");
  });

  test("refuses what cannot change, and changes nothing then", () => {
    const on = started(read("port: -1"));
    const wanted = read("port: 4333, max_payload: 5");
    const complaint = "config reload not supported for Port: old=4222, new=4333";
    expect(() => reload(on, wanted)).toThrow(complaint);
    expect(on.server.config.limits.maxPayload).toBe(1_048_576);
  });

  test("a smaller payload counts for those who are connected", () => {
    const on = started(read("port: -1"));
    open(on, 1);
    reload(on, read("port: -1, max_payload: 5"));
    say(on, 1, "PUB x 6\r\n");
    expect(take(on, 1)).toBe("-ERR 'Maximum Payload Violation'\r\n");
  });
});
