/** How long services take to answer, told beside nats-server: the same metrics. */
import { describe, test } from "vitest";
import { compareServers, type Line } from "./both-servers.ts";
import { natsServerPath } from "./real-server.ts";

const conf = (latency: string, more = ""): string => `
  server_name: n1
  accounts {
    A: {
      users: [ {user: a, password: a} ]
      exports: [ {service: "svc.>", latency: ${latency} ${more}} ]
    }
    B: {
      users: [ {user: b, password: b} ]
      imports: [
        {service: {account: A, subject: svc.one}, to: one}
        {service: {account: A, subject: svc.two}, to: two, share: true}
        {service: {account: A, subject: svc.none}, to: none}
      ]
    }
  }
`;

const hello = (name: string, more: string, subs: string): string =>
  `${name}>CONNECT {"verbose":false,"user":"${name}","pass":"${name}","headers":true,` +
  `"no_responders":true${more}}\r\n${subs}PING\r\n`;
const service = hello("a", ',"name":"resp"', "SUB lat 1\r\nSUB svc.one 2\r\nSUB svc.two 3\r\n");
const client = hello("b", ',"name":"req","lang":"x","version":"1"', "SUB r.> 1\r\n");

/** Time is measured there in nanoseconds, and may stand still here. */
function tidy(text: string): string {
  return text.replace(/"(service|system|total)":\d+/g, '"$1":0');
}

const withHeaders = (lines: string): Line => {
  const block = `NATS/1.0\r\n${lines}\r\n\r\n`;
  return `b>HPUB none r.2 ${block.length} ${block.length + 2}\r\n${block}hi\r\n`;
};

describe.skipIf(natsServerPath === null)("service latency beside nats-server", () => {
  test("every request is measured, whatever becomes of it", async () => {
    await compareServers(
      conf("{sampling: 100%, subject: lat}"),
      [
        service,
        client,
        "b>PUB one 2\r\nhi\r\n",
        "b>PUB none r.1 2\r\nhi\r\n",
        "b>PUB one r.1 2\r\nhi\r\n",
        "a>ANSWER yes",
        "b>PUB two r.1 2\r\nhi\r\n",
        "a>ANSWER yes",
      ],
      tidy,
    );
  });

  test("those whose headers ask for it are measured", async () => {
    const headers = [
      "X-B3-Sampled: 1\r\nx-b3-traceid: 80f198\r\nX-B3-SpanId: 12",
      "X-B3-Sampled: 0",
      "X-B3-TraceId: 5",
      "B3: 0",
      "B3: 80f-e45-1-05e",
      "b3: 80f-e45-0-05e",
      "Uber-Trace-Id: 479:5adb:479:1\r\nuberctx-a: b",
      "Uber-Trace-Id: 479:5adb:479:2",
      "traceparent: 00-4bf92f-00f0-01\r\ntracestate: x=1",
      "traceparent: 00-4bf92f-00f0-00",
    ];
    const lines = [service, client, "b>PUB none r.1 2\r\nhi\r\n", ...headers.map(withHeaders)];
    await compareServers(conf("{sampling: headers, subject: lat}"), lines, tidy);
  }, 20_000);

  test("an answer that does not come in time is told of", async () => {
    const lines = [service, client, "b>PUB one r.1 2\r\nhi\r\n", { wait: 700 }];
    await compareServers(conf("lat", ", response_threshold: 300ms"), lines, tidy);
  });
});
