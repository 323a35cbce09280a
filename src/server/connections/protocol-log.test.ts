/**
 * What is written down of messages when they are traced. Evidence: the log lines that nats-server
 * 2.15.2 wrote for the same bytes under the same settings.
 */
import { expect, test } from "vitest";
import type { ServerIo } from "../io.ts";
import { bench, open, say } from "../test-bench.ts";

const headers = "NATS/1.0\r\nA: b\r\n\r\n";
const bytes = `PUB a 5\r\nhello\r\nPUB a 0\r\n\r\nPUB a 26\r\nabcdefghijk"mnopqrstuvwxyz\r\nHPUB a ${
  headers.length
} ${headers.length + 5}\r\n${headers}world\r\n`;

function payloads(settings: { traceHeaders?: boolean; maxTraced?: number }): string[] {
  const on = bench();
  const { config } = on.server;
  on.server.config = { ...config, process: { ...config.process, trace: true, ...settings } };
  open(on, 1);
  const lines: string[] = [];
  const io: ServerIo = { ...on.io, log: (_, text) => void lines.push(text) };
  say({ ...on, io }, 1, bytes);
  return lines.flatMap((line) => /<<- MSG_PAYLOAD: (.*)$/.exec(line)?.[1] ?? []);
}

test("all of a message, unless it is empty", () => {
  expect(payloads({})).toEqual([
    '["hello"]',
    '["abcdefghijk\\"mnopqrstuvwxyz"]',
    '["NATS/1.0\\r\\nA: b\\r\\n\\r\\nworld"]',
  ]);
});

test("as many bytes as max_traced_msg_len says", () => {
  const shown = ['["hello"]', '["abcdefghij..."]', '["NATS/1.0\\r\\n..."]'];
  expect(payloads({ maxTraced: 10 })).toEqual(shown);
});

test("headers alone, and as many bytes of them", () => {
  expect(payloads({ traceHeaders: true })).toEqual(['["NATS/1.0\\r\\nA: b"]']);
  const cut = ['["NATS/1.0\\r\\nA:..."]'];
  expect(payloads({ traceHeaders: true, maxTraced: 12 })).toEqual(cut);
});

// Evidence: nats-server 2.15.2 with -DV, the same bytes.
test("what a client said and was told, and what it may not do", () => {
  const on = bench();
  const { config } = on.server;
  on.server.config = { ...config, process: { ...config.process, trace: true } };
  open(on, 1);
  const lines: string[] = [];
  const io: ServerIo = { ...on.io, log: (_, text) => void lines.push(text) };
  const talk = [
    'CONNECT {"verbose":true,"user":"u","name":"n","lang":"c","version":"1"}',
    "PUB a.* 2\r\n\x01\x7f",
    "SUB a _sys_ 1",
    "JUNK",
  ];
  say({ ...on, io }, 1, `${talk.join("\r\n")}\r\n`);
  const label = '"v1:c:n" - "$G/user:u" - ';
  const told = lines.map((line) => line.replace(/^\S+ - cid:\d+ - /, "").replace(label, ""));
  expect(told).toEqual([
    '<<- [CONNECT {"verbose":true,"user":"u","name":"n","lang":"c","version":"1"}]',
    "->> [OK]",
    "<<- [PUB a.* 2]",
    '<<- MSG_PAYLOAD: ["\\x01\\x7f"]',
    "->> [OK]",
    "<<- [SUB a _sys_ 1]",
    '->> [-ERR Permissions Violation for Subscription to "a" using queue "_sys_"]',
    'Subscription Violation - Subject "a", Queue: "_sys_", SID 1',
    "->> [-ERR Unknown Protocol Operation]",
    `Client parser ERROR, state=0, i=103: proto='"JUNK\\r"...'`,
    "Client connection closed: Protocol Violation",
  ]);
});
