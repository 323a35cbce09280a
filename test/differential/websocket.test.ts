/** The same frames to nats-server's WebSocket door and to ours. */
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Headless, startHeadless } from "../../src/node/serve/headless.ts";
import { serverConfigFromText } from "../../src/server/index.ts";
import { freePort } from "./ports.ts";
import { normalised } from "./raw-client.ts";
import { natsServerPath, type RealServer, startNatsServer } from "./real-server.ts";

interface FrameOptions {
  readonly masked?: boolean;
  readonly final?: boolean;
}

function frame(
  op: number,
  text: string,
  { masked = true, final = true }: FrameOptions = {},
): Buffer {
  const payload = Buffer.from(text, "latin1");
  const head = [(final ? 0x80 : 0) | op];
  const maskBit = masked ? 0x80 : 0;
  if (payload.length < 126) head.push(maskBit | payload.length);
  else head.push(maskBit | 126, payload.length >> 8, payload.length & 255);
  const key = [1, 2, 3, 4];
  const sent = payload.map((byte, i) => (masked ? byte ^ (key[i & 3] ?? 0) : byte));
  return Buffer.concat([Buffer.from(head), Buffer.from(masked ? key : []), sent]);
}

/** Frames of a server as text: the first byte in hex, then the payload. */
function shown(bytes: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const first = bytes[at] ?? 0;
    let length = bytes[at + 1] ?? 0;
    at += 2;
    if (length === 126) {
      length = bytes.readUInt16BE(at);
      at += 2;
    }
    frames.push(`${first.toString(16)} ${normalised(bytes.toString("latin1", at, at + length))}`);
    at += length;
  }
  return frames;
}

const handshake = [
  "GET / HTTP/1.1",
  "Host: localhost",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version: 13",
];

interface Played {
  readonly head: readonly string[];
  readonly answers: readonly (string | readonly string[])[];
  readonly closed: boolean;
}

/** Header lines in any order, without the date; then what came behind them; then its end. */
async function play(port: number, request: string[], frames: readonly Buffer[]): Promise<Played> {
  const socket = connect(port, "127.0.0.1");
  let received = Buffer.alloc(0);
  let closed = false;
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
  });
  socket.on("close", () => {
    closed = true;
  });
  socket.on("error", () => {
    // A reset shows as a close.
  });
  await new Promise((resolve) => socket.once("connect", resolve));
  const quiet = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 120));
  socket.write(`${request.join("\r\n")}\r\n\r\n`);
  await quiet();
  const end = received.indexOf("\r\n\r\n");
  const lines = received.toString("latin1", 0, end).split("\r\n");
  const rest = received.subarray(end + 4);
  const upgraded = lines[0]?.includes("101") === true;
  const compressed = lines.some((line) => line.includes("deflate"));
  const answers: (string | string[])[] = [
    upgraded ? (compressed ? [] : shown(rest)) : rest.toString("latin1"),
  ];
  for (const one of frames) {
    received = Buffer.alloc(0);
    socket.write(one);
    await quiet();
    answers.push(shown(received));
  }
  socket.destroy();
  return { head: lines.filter((line) => !line.startsWith("Date")).toSorted(), answers, closed };
}

const greeting = frame(2, 'CONNECT {"verbose":false,"protocol":1}\r\nPING\r\n');
const without = (start: string): string[] => handshake.filter((line) => !line.startsWith(start));

const cases: Readonly<Record<string, readonly [request: string[], frames: readonly Buffer[]]>> = {
  "a conversation in frames of all kinds": [
    handshake,
    [
      greeting,
      frame(1, "SUB a 1\r\nPUB a 1\r\nx\r\n"),
      frame(2, "PUB a 5\r\nhe", { final: false }),
      frame(0, "llo\r\n"),
      frame(9, "are you there"),
      frame(8, "\u0003\u00e8bye"),
    ],
  ],
  "frames that are not masked": [handshake, [frame(2, "PING\r\n", { masked: false })]],
  "an unknown kind of frame": [handshake, [frame(3, "PING\r\n")]],
  "a continuation of nothing": [handshake, [frame(0, "PING\r\n")]],
  "a close without status": [handshake, [frame(8, "")]],
  "CONNECT that is no JSON": [handshake, [frame(2, "CONNECT {x\r\n")]],
  "a payload too large": [handshake, [greeting, frame(2, "PUB a 99999999\r\n")]],
  "a control line too long": [handshake, [greeting, frame(2, `SUB ${"a".repeat(5000)} 1\r\n`)]],
  "an account in CONNECT": [handshake, [frame(2, 'CONNECT {"account":"x"}\r\n')]],
  "compression offered": [
    [...handshake, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"],
    [],
  ],
  "masking refused": [[...handshake, "Nats-No-Masking: true"], []],
  "another path": [["GET /any/path HTTP/1.1", ...handshake.slice(1)], [greeting]],
  "the path of MQTT": [["GET /mqtt HTTP/1.1", ...handshake.slice(1)], []],
  "the path of leaf nodes": [["GET /leafnode HTTP/1.1", ...handshake.slice(1)], []],
  POST: [["POST / HTTP/1.1", ...handshake.slice(1)], []],
  "no upgrade": [["GET / HTTP/1.1", "Host: localhost"], []],
  "an upgrade to something else": [[...without("Upgrade"), "Upgrade: other"], []],
  "no key": [without("Sec-WebSocket-Key"), []],
  "another version": [[...without("Sec-WebSocket-Version"), "Sec-WebSocket-Version: 12"], []],
  "a strange origin": [[...handshake, "Origin: http://other.example"], []],
  "an allowed origin": [[...handshake, "Origin: http://ours.example"], []],
};

describe.skipIf(natsServerPath === null)("WebSocket beside nats-server", () => {
  let real: RealServer;
  let realPort = 0;
  let ours: Headless;
  let oursPort = 0;
  const conf = (port: number): string =>
    `websocket { listen: "127.0.0.1:${port}", no_tls: true, compression: true, allowed_origins: ["http://ours.example"] }`;
  beforeAll(async () => {
    realPort = await freePort();
    oursPort = await freePort();
    real = await startNatsServer(conf(realPort));
    const { config } = serverConfigFromText(`listen: "127.0.0.1:-1"\n${conf(oursPort)}`);
    ours = await startHeadless(config, { write: () => {}, reopen: () => {} });
  });
  afterAll(async () => {
    await real.stop();
    await ours.stop();
  });
  test.each(Object.keys(cases))("%s", async (name) => {
    const [request, frames] = cases[name] ?? [[], []];
    const [expected, got] = await Promise.all([
      play(realPort, request, frames),
      play(oursPort, request, frames),
    ]);
    if (!violations.has(name)) expect(got).toEqual(expected);
    else expect(withoutClose(got)).toEqual(withoutClose(expected));
  });
});

/**
 * After these nats-server puts a close frame into its queue and cuts the connection: whether the
 * frame still leaves varies from run to run (`wsHandleProtocolError`). Ours never sends it.
 */
const violations: ReadonlySet<string> = new Set([
  "frames that are not masked",
  "an unknown kind of frame",
  "a continuation of nothing",
]);

const closeFrameText = /^88 /;

function withoutClose(seen: Played): Played {
  const strip = (text: string | readonly string[]): string | readonly string[] =>
    typeof text === "string" ? text : text.filter((one) => !closeFrameText.test(one));
  return { ...seen, answers: seen.answers.map(strip) };
}
