/**
 * What is fuzzed: bytes of the protocol, bodies of the API, configuration files. Nothing may throw
 * but what is meant as an answer, nothing may hang, and no connection may make the server hoard.
 */
import fc from "fast-check";
import { configObstacle, createServer, serverConfigFromText } from "../../src/server/index.ts";
import { allCases } from "../differential/suite/cases.ts";
import { ourStage } from "../differential/suite/our-stage.ts";
import { type Hearing, play } from "../differential/suite/player.ts";
import { configurations } from "./configurations.ts";
import { type Mutation, mutate, mutations } from "./mutations.ts";

export type Target = "protocol" | "api" | "config";

/** One run may take this long, in ms; what hangs takes longer. */
const patienceMs = 5000;

/** The property of a target. */
export const targets: Readonly<Record<Target, () => fc.IAsyncProperty<unknown>>> = {
  protocol: protocolProperty,
  api: apiProperty,
  config: configProperty,
};

/** What clients say in the suite, without what has no text. */
const conversations = allCases.filter((one) => one.ground === "plain").map((one) => one.steps);
const requests = [...new Set(conversations.flat())].filter(
  (line) => /^(api|pull|ack)/.test(line) && !line.includes("<<"),
);

/** A stream and a consumer are there, a few requests are damaged, and the server still answers. */
function apiProperty(): fc.IAsyncProperty<unknown> {
  const damaged = fc.tuple(fc.constantFrom(...requests), mutations);
  return fc.asyncProperty(fc.array(damaged, { minLength: 1, maxLength: 8 }), async (drawn) => {
    const lines = drawn.map(([line, damages]) => damageBody(line, damages));
    const { transcript } = await within(
      play(ourStage("plain", 0), [...ground, ...lines, "api INFO"], null),
    );
    const key = `${ground.length + lines.length + 1} api INFO`;
    if (transcript.get(key)?.length !== 1) throw new Error("the server answers no more");
  });
}

const ground = [
  'api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"allow_direct":true}',
  "pub s.a 1",
  "pub s.b 2",
  'api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","ack_policy":"explicit"}}',
  'pull S.C {"batch":1,"no_wait":true}',
];

/** The subject stays, so that the request arrives; line breaks would be other steps. */
function damageBody(line: string, damages: readonly Mutation[]): string {
  const at = line.indexOf("{");
  if (at < 0) return `${line} ${mutate("{}", damages)}`;
  return line.slice(0, at) + mutate(line.slice(at), damages);
}

/** Frames as clients send them, damaged and cut anywhere; then another client asks. */
function protocolProperty(): fc.IAsyncProperty<unknown> {
  const piece = fc.oneof(
    fc.tuple(fc.constantFrom(...frames), mutations).map(([text, damages]) => mutate(text, damages)),
    fc.string({ unit: "binary", maxLength: 60 }),
  );
  return fc.asyncProperty(fc.array(piece, { maxLength: 12 }), fc.nat(200), async (pieces, cut) => {
    await within(sayBytes(Buffer.from(pieces.join("")), cut + 1));
  });
}

const frames = [
  "PING\r\n",
  "PONG\r\n",
  "SUB a.> 1\r\n",
  "SUB a q 2\r\n",
  "UNSUB 1 5\r\n",
  "PUB a 2\r\nhi\r\n",
  "PUB a.b reply 5\r\nhello\r\n",
  "HPUB a 24 26\r\nNATS/1.0\r\nKey: value\r\n\r\nhi\r\n",
  'CONNECT {"verbose":true,"pedantic":true,"headers":true}\r\n',
  "INFO {}\r\n",
  'PUB $JS.API.STREAM.CREATE.S r 12\r\n{"name":"S"}\r\n',
  "PUB $JS.API.INFO r 0\r\n\r\n",
  `PUB ${"x".repeat(5000)}`,
];

async function sayBytes(bytes: Uint8Array, cut: number): Promise<void> {
  const stage = ourStage("plain", 0);
  const heard = listener();
  const line = await stage.connect({}, heard);
  for (let at = 0; at < bytes.length; at += cut) line.send(bytes.slice(at, at + cut));
  await stage.wait(10);
  // Every byte may bring an answer of the server, but no more than a document each.
  if (heard.text().length > 100_000 + bytes.length * 3000) {
    throw new Error(`${heard.text().length} bytes for ${bytes.length}`);
  }
  const answer = listener();
  const other = await stage.connect({}, answer);
  other.send(Buffer.from("PING\r\n"));
  await stage.wait(10);
  if (!answer.text().includes("PONG\r\n")) throw new Error("the server answers no more");
}

/** Keeps what a connection brings. */
export function listener(): Hearing & { text(): string; isClosed(): boolean } {
  const chunks: string[] = [];
  let closed = false;
  return {
    bytes: (some) => void chunks.push(Buffer.from(some).toString("latin1")),
    closed() {
      closed = true;
    },
    text: () => chunks.join(""),
    isClosed: () => closed,
  };
}

/** A file is refused in words, or a server can be made of it. */
function configProperty(): fc.IAsyncProperty<unknown> {
  return fc.asyncProperty(fc.constantFrom(...configurations), mutations, async (text, damages) => {
    const from = Date.now();
    readAndMake(mutate(text, damages));
    if (Date.now() - from > patienceMs) throw new Error("it took too long");
  });
}

function readAndMake(text: string): void {
  try {
    const { config } = serverConfigFromText(text, { file: "fuzz.conf" });
    if (configObstacle(config) === null) createServer(config);
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name !== "ConfError" && name !== "ConfigProblems") throw error;
  }
}

/** What runs in virtual time hangs only by spinning; then the clock of the wall tells. */
async function within<T>(work: Promise<T>): Promise<T> {
  const from = Date.now();
  const result = await work;
  if (Date.now() - from > patienceMs) throw new Error("it took too long");
  return result;
}
