/** Reloads beside nats-server: what changes, what is refused, and what clients see of it. */
import { describe, test } from "vitest";
import { compareServers, type Line } from "./both-servers.ts";
import { natsServerPath } from "./real-server.ts";

const base = (more: string): string =>
  `server_name: n1\njetstream { store_dir: "$FOLDER", max_mem: 256M, max_file: 1G }\n${more}`;
const to = (more: string): Line => ({ reload: base(more) });

const accounts = `accounts {
  A: { jetstream: enabled, users: [ {user: a, password: a} ] }
  B: { users: [ {user: b, password: b} ] }
}`;
const sharing = accounts
  .replace("B: {", "B: { exports: [ {stream: x.>}, {service: q} ]\n")
  .replace(
    "user: a, password: a} ]",
    "user: a, password: a} ]\n imports: [ {stream {account: B, subject: x.>}, prefix: theirs}, " +
      "{service {account: B, subject: q}} ]",
  );
const withC = accounts.replace("B: {", "C: { users: [ {user: c, password: c} ] }\n B: {");

const hello = (name: string): string =>
  `${name}>CONNECT {"verbose":false,"user":"${name}","pass":"${name}","headers":true,` +
  `"no_responders":true}\r\nSUB r.> 1\r\nSUB theirs.> 2\r\nPING\r\n`;

describe.skipIf(natsServerPath === null)("reloads beside nats-server", () => {
  test("settings that can change, and those that cannot", async () => {
    await compareServers(base("max_payload: 1000"), [
      to("max_payload: 2000"),
      to("ping_interval: 10s\nping_max: 5\nwrite_deadline: 3s\nmax_control_line: 512"),
      to("max_connections: 7\ndebug: true\nlogtime: false"),
      to("max_subscriptions: 5"),
      to("max_pending: 5000000"),
      to('lame_duck_grace_period: "5s"'),
      to("server_tags: [x]"),
      { reload: base("").replace("n1", "n2") },
      { reload: base("").replace("256M", "512M") },
      { reload: base("").replace("256M", "128M") },
      { reload: base("").replace("max_mem: 256M,", "") },
      to("no_header_support: true"),
      to("cluster { port: -1 }"),
      to('client_advertise: "x:1"'),
      to("authorization { user: a, password: b, timeout: 3 }"),
      to("authorization { token: a }"),
      to("authorization { users [ {user: a, password: b} ] }"),
      to(accounts),
      to("mappings { a: b }"),
    ]);
  }, 60_000);

  test("JetStream goes off", async () => {
    await compareServers(base(""), [{ reload: "server_name: n1" }]);
  });

  test("accounts come and go, and share other things", async () => {
    await compareServers(base(accounts), [
      hello("a"),
      hello("b"),
      "b>PUB x.y 1\r\nq\r\n",
      to(sharing),
      "b>PUB x.y 1\r\nq\r\n",
      "b>SUB q 5\r\n",
      "a>PUB q r.9 2\r\nhi\r\n",
      "b>ANSWER yes",
      to(accounts),
      "b>PUB x.y 1\r\nq\r\n",
      "a>PUB q r.9 2\r\nhi\r\n",
      to(withC),
      hello("c"),
      "c>PUB r.1 2\r\nhi\r\n",
      to(accounts),
      to(accounts.replace("password: b", "password: x")),
    ]);
  }, 60_000);
});
