import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  encodeConnect,
  encodeErr,
  encodeInfo,
  encodeMsg,
  encodeOk,
  encodePing,
  encodePong,
  encodePub,
  encodeSub,
  encodeUnsub,
} from "./encode.ts";
import { ProtocolError } from "./errors.ts";
import { createMessage, type Message } from "./message.ts";
import { createOutBuffer, type OutBuffer, takeBytes } from "./out-buffer.ts";
import { type ClientSink, createParser, parse, type Role, type ServerSink } from "./parser.ts";
import { concatBytes, decodeText, encodeText } from "./text.ts";

/** What a parser said, as text that can be compared. */
interface Heard {
  readonly calls: string[];
  readonly error: string | null;
}

function show(message: Message): string {
  const { subject, reply, headers, payload } = message;
  const block = headers === null ? "-" : JSON.stringify(decodeText(headers));
  return `${subject} ${reply ?? "-"} ${block} ${JSON.stringify(decodeText(payload))}`;
}

function listener(calls: string[]): ClientSink & ServerSink {
  const note = (name: string) => (text: string) => void calls.push(`${name} ${text}`);
  const bare = (name: string) => () => void calls.push(name);
  return {
    onUnauthenticated: bare("unauthenticated"),
    onConnect: note("connect"),
    onInfo: note("info"),
    onErr: note("err"),
    onPing: bare("ping"),
    onPong: bare("pong"),
    onOk: bare("ok"),
    // Each line of a PUB is one of those that bring a payload, below.
    onPubLine: () => {},
    onPub: (subject, reply, headers, payload) => {
      calls.push(`pub ${show(createMessage(subject, reply, headers, payload))}`);
    },
    onSub: (subject, queue, sid) => void calls.push(`sub ${subject} ${queue ?? "-"} ${sid}`),
    onUnsub: (sid, max) => void calls.push(`unsub ${sid} ${max}`),
    onMsg: (sid, message) => void calls.push(`msg ${sid} ${show(message)}`),
  };
}

const limits = { maxControlLine: 4096, maxPayload: 1024, headers: true };

function hear(role: Role, chunks: readonly Uint8Array[], own: Partial<typeof limits> = {}): Heard {
  const parser = createParser(role, { ...limits, ...own });
  const calls: string[] = [];
  const sink = listener(calls);
  try {
    for (const chunk of chunks) parse(parser, chunk, sink);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { calls, error: error.text ?? "silence" };
  }
  return { calls, error: null };
}

const said = (text: string, own: Partial<typeof limits> = {}): Heard =>
  hear("server", [encodeText(text)], own);

/** Cuts `bytes` at sorted places. */
function split(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length];
  cuts.sort((a, b) => a - b);
  return cuts.slice(1).map((end, i) => bytes.slice(cuts[i], end));
}

function encoded(write: (out: OutBuffer) => void): Uint8Array {
  const out = createOutBuffer(8);
  write(out);
  return takeBytes(out);
}

const token = fc.stringMatching(/^[A-Za-z0-9_$é-]{1,12}$/);
const subject = fc.array(token, { minLength: 1, maxLength: 5 }).map((tokens) => tokens.join("."));
const bytes = fc.uint8Array({ maxLength: 200 });
const headers = fc
  .array(token, { maxLength: 4 })
  .map((names) => encodeText(`NATS/1.0\r\n${names.map((n) => `${n}: x\r\n`).join("")}\r\n`));
const message = fc
  .tuple(subject, fc.option(subject), fc.option(headers), bytes)
  .map(([s, r, h, p]) => createMessage(s, r, h, p));

/** A frame a client may send, and what a server hears. */
const clientFrame = fc.oneof(
  message.map((m) => ({ bytes: encoded((o) => encodePub(o, m)), heard: `pub ${show(m)}` })),
  fc.tuple(subject, fc.option(token), token).map(([s, q, sid]) => ({
    bytes: encoded((o) => encodeSub(o, s, q, sid)),
    heard: `sub ${s} ${q ?? "-"} ${sid}`,
  })),
  fc.tuple(token, fc.option(fc.nat(999_999_999))).map(([sid, max]) => ({
    bytes: encoded((o) => encodeUnsub(o, sid, max)),
    heard: `unsub ${sid} ${max}`,
  })),
  fc.constant({ bytes: encoded(encodePing), heard: "ping" }),
  fc.constant({ bytes: encoded(encodePong), heard: "pong" }),
  fc
    .json()
    .map((json) => ({ bytes: encoded((o) => encodeConnect(o, json)), heard: `connect ${json}` })),
);

/** A frame a server may send, and what a client hears. */
const serverFrame = fc.oneof(
  fc.tuple(token, message).map(([sid, m]) => ({
    bytes: encoded((o) => encodeMsg(o, sid, m)),
    heard: `msg ${sid} ${show(m)}`,
  })),
  fc.constant({
    bytes: encoded((o) => encodeErr(o, "Stale Connection")),
    heard: "err 'Stale Connection'",
  }),
  fc.constant({ bytes: encoded(encodeOk), heard: "ok" }),
  fc.constant({ bytes: encoded(encodePing), heard: "ping" }),
  fc.json().map((json) => ({ bytes: encoded((o) => encodeInfo(o, json)), heard: `info ${json} ` })),
);

describe("frames survive any split", () => {
  for (const [role, frame] of [
    ["server", clientFrame],
    ["client", serverFrame],
  ] as const) {
    test(`a ${role} hears what was encoded, wherever the bytes were cut`, () => {
      fc.assert(
        fc.property(
          fc.array(frame, { minLength: 1, maxLength: 6 }),
          fc.array(fc.nat(), { maxLength: 8 }),
          (frames, places) => {
            const stream = concatBytes(frames.map((f) => f.bytes));
            const { calls, error } = hear(role, split(stream, places), { maxControlLine: 1e6 });
            expect(error).toBeNull();
            expect(calls).toEqual(frames.map((f) => f.heard));
          },
        ),
        { numRuns: 500 },
      );
    });
  }

  test("every frame of a conversation at every split point, and byte by byte", () => {
    const text =
      'CONNECT {"verbose":false}\r\nPING\r\nSUB a.> q 1\r\nUNSUB 1 5\r\n' +
      "PUB a.b r.1 5\r\nhello\r\n" +
      "HPUB a.b 12 17\r\nNATS/1.0\r\n\r\nhello\r\npub  a.b\t 0\r\n\r\nPONG\r\n+OK\r\n";
    const stream = encodeText(text);
    const whole = hear("server", [stream]);
    expect(whole.error).toBeNull();
    expect(whole.calls).toHaveLength(9);
    for (let at = 0; at <= stream.length; at++) {
      expect(hear("server", [stream.slice(0, at), stream.slice(at)])).toEqual(whole);
    }
    expect(
      hear(
        "server",
        [...stream].map((byte) => Uint8Array.of(byte)),
      ),
    ).toEqual(whole);
  });
});

// Evidence: runs of nats-server 2.15.2 over raw sockets (facts: client protocol, answers).
describe("what nats-server answers to wrong input", () => {
  test.each([
    ["JUNK\r\n", "Unknown Protocol Operation"],
    ["MSG a 1 2\r\n", "Unknown Protocol Operation"],
    ["PUBX a 0\r\n", "Unknown Protocol Operation"],
    ["PUB a 2\r\nokXX", "Unknown Protocol Operation"],
    ["PUB a 2\r\nok\rX", "Unknown Protocol Operation"],
    ["CONNECT\r\n", null],
    ["PUB a\r\n", "silence"],
    ["PUB a -1\r\n", "silence"],
    ["PUB a x\r\n", "silence"],
    ["PUB a b c 1\r\n", "silence"],
    ["PUB a 1234567890\r\n", "silence"],
    ["SUB a\r\n", "silence"],
    ["SUB a b c d\r\n", "silence"],
    ["UNSUB 1 2 3\r\n", "silence"],
    ["HPUB a 9 5\r\n", "silence"],
    ["PUB a 1025\r\n", "Maximum Payload Violation"],
  ])("%j gives %j", (text, answer) => {
    expect(said(text).error).toBe(answer);
  });

  test("refuses a wrong byte at once, without waiting for the line to end", () => {
    expect(said("PX").error).toBe("Unknown Protocol Operation");
    expect(said("J").error).toBe("Unknown Protocol Operation");
    expect(said("SUB\r").error).toBe("Unknown Protocol Operation");
  });

  test("hears what came before the wrong byte", () => {
    expect(said("PING\r\nPUB a 1\r\nx\r\nBAD")).toEqual({
      calls: ["ping", 'pub a - - "x"'],
      error: "Unknown Protocol Operation",
    });
  });

  test("HPUB without headers support closes in silence", () => {
    expect(said("HPUB a 12 12\r\n", { headers: false }).error).toBe("silence");
  });

  test("takes a control line of 4,096 bytes and refuses one more", () => {
    const line = (length: number): string => `SUB ${"a".repeat(length - 2)} 1`;
    expect(said(`${line(4096)}\r\n`).error).toBeNull();
    expect(said(`${line(4097)}\r\n`).error).toBe("maximum control line exceeded");
    expect(said(line(4100)).error).toBe("maximum control line exceeded");
  });

  test("takes a payload at the limit, and refuses one more on its line", () => {
    expect(said(`PUB a 1024\r\n${"x".repeat(1024)}\r\n`).error).toBeNull();
    expect(said("PUB a 1025\r\n").error).toBe("Maximum Payload Violation");
  });

  test("blanks and tabs may repeat, and verbs are of either case", () => {
    expect(said("sub\t  foo \t bar  1 \r\nUnSub 1\r\n").calls).toEqual([
      "sub foo bar 1",
      "unsub 1 null",
    ]);
  });

  test("PING, PONG and +OK take anything up to the line end", () => {
    expect(said("PING whatever\r\nPONGx\r\n+OK\n").calls).toEqual(["ping", "pong", "ok"]);
  });

  test("asks before anything but CONNECT while it waits for one", () => {
    const parser = createParser("server", { ...limits });
    parser.connectFirst = true;
    const calls: string[] = [];
    parse(parser, encodeText("PING\r\nCONNECT {}\r\n"), listener(calls));
    expect(calls).toEqual(["unauthenticated", "ping", "connect {}"]);
  });
});

/** Mutated conversations in random splits. */
function fuzzParser(runs: number, seed: number): number {
  const seedText = encodeText(
    "CONNECT {}\r\nPUB a.b r 5\r\nhello\r\nHPUB a 12 14\r\nNATS/1.0\r\n\r\nok\r\nSUB a.* q 1\r\nPING\r\n",
  );
  let state = seed >>> 0;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
  let refused = 0;
  for (let run = 0; run < runs; run++) {
    const mutated = seedText.slice();
    for (let i = draw(4); i > 0; i--) mutated[draw(mutated.length)] = draw(256);
    const places = [draw(mutated.length), draw(mutated.length)];
    const whole = hear("server", [mutated]);
    expect(hear("server", split(mutated, places))).toEqual(whole);
    if (whole.error !== null) refused++;
  }
  return refused;
}

const fuzzRuns = Number(process.env.WINDTUNNEL_FUZZ_RUNS ?? 20_000);

test(`${fuzzRuns} mutated conversations mean the same in any split (seed 7)`, () => {
  const refused = fuzzParser(fuzzRuns, 7);
  expect(refused).toBeGreaterThan(fuzzRuns / 4);
  expect(refused).toBeLessThan(fuzzRuns);
}, 600_000);
