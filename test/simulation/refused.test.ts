/** `ledger.refused`: publishes that got an error, by an answer or by -ERR. */
import { expect, test } from "vitest";
import { runScenario } from "../../src/scenario/index.ts";
import { ground } from "./ground.ts";

// nats-server 2.15.2: a publish without permission is told as -ERR and has no answer.
test("a publish that permissions forbid is refused, once; a subscription is no publish", async () => {
  const text = `windtunnel 1
seed    3
world   server
file    /etc/nats/n1.conf <<END
server_name: n1
port: 4222
accounts: {
  A: { users: [ { user: ro, password: ro, permissions: {
    publish: [ "may.>" ], subscribe: [ "_INBOX.>" ]
  } } ] }
}
END
0s      nats-server -c /etc/nats/n1.conf
0.5s    export NATS_USER=ro NATS_PASSWORD=ro
1s      nats pub may.one hello
2s      expect 'ledger.refused == 0'
2s      nats pub may-not hello
3s      expect 'ledger.refused == 1'
3s      nats sub may-not --count 1 --wait 1s
6s      expect 'ledger.refused == 1'
`;
  const report = await runScenario(text, { ...ground, file: "refused.wt" });
  expect(report.failures).toEqual([]);
});
