/** A server's configuration as a file at the desk: shown, edited, checked, reloaded, restarted. */
import { nkeys } from "@nats-io/nats-core";
import { hashSync } from "bcryptjs";
import { expect, test } from "vitest";
import { installRealm } from "../../src/clients/index.ts";
import { seconds, virtualNanos } from "../../src/kernel/index.ts";
import { parseScenario } from "../../src/link/index.ts";
import { Session } from "../../src/scenario/session.ts";
import { programs } from "../../src/shell/index.ts";

const head = "windtunnel 1\ntitle configuration\nseed 3\nworld server\n";

interface Told {
  readonly line: string;
  readonly exit: number | null;
  readonly said: string;
}

async function play(lines: readonly string[]): Promise<Told[]> {
  const realm = installRealm({ strict: false });
  const text = `${head}${lines.map((line, at) => `${at}s ${line}\n`).join("")}`;
  const session = await Session.open(parseScenario(text), { programs, realm });
  await session.runUntil(virtualNanos(seconds(lines.length + 5)));
  const commands = session.world.terminals.get("t1")?.commands ?? [];
  const told = commands.map(({ line, exit, stdout, stderr }) => ({
    line,
    exit,
    said: `${stdout}${stderr}`,
  }));
  await session.dispose();
  realm.uninstall();
  return told;
}

// Evidence: the texts are those of nats-server 2.15.2 (`reload.go`, `-t`).
test("a limit is changed in the file and reloaded while the server runs", async () => {
  const told = await play([
    "world config n1",
    "nats pub a hello",
    "echo 'max_payload: 3' >> /etc/nats/n1.conf",
    "nats-server --signal reload=n1",
    "nats pub a hello",
    "curl -s n1:8222/varz | jq .max_payload",
  ]);
  expect(told[0]?.said).toContain("server_name: n1\n");
  expect(told[0]?.said).toContain("nats-server --signal reload=n1");
  expect(told[3]?.said).toContain("[INF] Reloaded: max_payload = 3\n");
  expect(told[3]?.exit).toBe(0);
  expect(told[4]?.exit).toBe(1);
  expect(told[5]?.said).toBe("3\n");
});

test("what cannot change is refused, and changes when the server starts again", async () => {
  const told = await play([
    "world config n1 > /dev/null",
    "echo 'max_subscriptions: 7' >> /etc/nats/n1.conf",
    "nats-server --signal reload=n1",
    "nats-server -c /etc/nats/n1.conf",
    "curl -s n1:8222/varz | jq .max_subscriptions",
    "fault kill n1",
    "echo 'max_subscriptions: 9' >> /etc/nats/n1.conf",
    "fault start n1",
    "curl -s n1:8222/varz | jq .max_subscriptions",
  ]);
  const why = "config reload not supported for MaxSubs: old=0, new=7";
  expect(told[2]).toMatchObject({ exit: 1, said: `nats-server: ${why}\n` });
  expect(told[4]?.said).toBe("7\n");
  expect(told[8]?.said).toBe("9\n");
});

// Evidence: a run of nats-server 2.15.2 with the same users (`authenticate`, `comparePasswords`).
test("a password that the file holds as a hash lets in who knows it", async () => {
  const users = `{ user: a, password: "${hashSync("secret", 4)}" }`;
  const told = await play([
    "world config n1 > /dev/null",
    `echo 'authorization { users: [ ${users} ] }' >> /etc/nats/n1.conf`,
    "nats-server --signal reload=n1",
    "nats pub a hello --user a --password wrong",
    "nats pub a hello --user a --password secret",
  ]);
  expect(told.map(({ exit }) => exit)).toEqual([0, 0, 0, 1, 0]);
  expect(told[3]?.said).toBe("nats: error: nats: Authorization Violation\n");
});

test("a file with mistakes is refused with their places, and the server goes on", async () => {
  const told = await play([
    "world config n1 > /dev/null",
    "printf 'nope: 1\\nmax_payload: x\\n' > /etc/nats/n1.conf",
    "nats-server -t -c n1.conf",
    "nats-server --signal reload=n1",
    "nats pub a hello",
  ]);
  const problems =
    '/etc/nats/n1.conf:1:0: unknown field "nope"\n' +
    "/etc/nats/n1.conf:2:1: interface conversion: interface {} is string, not int64\n";
  expect(told[2]).toMatchObject({ exit: 1, said: `nats-server: ${problems}` });
  expect(told[3]).toMatchObject({ exit: 1, said: `nats-server: ${problems}` });
  expect(told[4]?.exit).toBe(0);
});

test("the system account orders a reload, as `nats server config reload` does", async () => {
  const told = await play([
    "world config n1 > /dev/null",
    "sed -i 's/^store_dir.*//' /etc/nats/n1.conf",
    "printf 'accounts { SYS { users [ {user: s, password: s} ] } }\\nsystem_account: SYS\\n' >> /etc/nats/n1.conf",
    "nats-server -c /etc/nats/n1.conf",
    "echo 'ping_max: 9' >> /etc/nats/n1.conf",
    "nats --user s --password s req '$SYS.REQ.SERVER.PING.VARZ' '' --raw | jq -r .server.id > id",
    'nats --user s --password s req "\\$SYS.REQ.SERVER.$(cat id).RELOAD" "" --raw | jq .error',
    "curl -s n1:8222/varz | jq .ping_max",
  ]);
  expect(told[6]?.said).toBe("null\n");
  expect(told[7]?.said).toBe("9\n");
});

test("a user comes in by a key whose file ends with a newline", async () => {
  const pair = nkeys.createUser();
  const seed = new TextDecoder().decode(pair.getSeed());
  const told = await play([
    "world config n1 > /dev/null",
    `echo 'authorization { users [ {nkey: ${pair.getPublicKey()}} ] }' >> /etc/nats/n1.conf`,
    "nats-server -c /etc/nats/n1.conf",
    `echo ${seed} > me.nk`,
    "nats --nkey me.nk pub a hello",
    "nats pub a hello",
  ]);
  expect(told[4]?.exit).toBe(0);
  expect(told[5]?.exit).toBe(1);
});
