/** Taps see the same messages however bytes are cut, and take away just what a rule names. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  concatBytes,
  createMessage,
  createOutBuffer,
  encodeHeaders,
  encodeMsg,
  encodePing,
  encodePub,
  encodeSub,
  encodeText,
  takeBytes,
} from "../../protocol/index.ts";
import { createWorld, type World } from "../world.ts";
import type { DropRule } from "./drop.ts";
import type { Mark } from "./marks.ts";
import { createTap, tapBytes } from "./tap.ts";

const decoder = new TextDecoder();

function encode(write: (out: ReturnType<typeof createOutBuffer>) => void): Uint8Array {
  const out = createOutBuffer();
  write(out);
  return takeBytes(out);
}

const pub = (subject: string, reply: string | null, text: string): Uint8Array =>
  encode((out) => encodePub(out, createMessage(subject, reply, null, encodeText(text))));
const hpub = (subject: string, text: string): Uint8Array => {
  const headers = encodeHeaders([["Nats-Msg-Id", "1"]]);
  return encode((out) => encodePub(out, createMessage(subject, null, headers, encodeText(text))));
};
const msg = (subject: string, reply: string | null, text: string): Uint8Array =>
  encode((out) => encodeMsg(out, "1", createMessage(subject, reply, null, encodeText(text))));

/** A client's words: subscriptions, publishes with and without headers, acks, requests, garbage. */
const clientFrame = fc.oneof(
  fc.constant(encode((out) => encodeSub(out, "orders.>", null, "1"))),
  fc.constant(encode((out) => encodePing(out))),
  fc.string({ maxLength: 40 }).map((text) => pub("orders.new", "_INBOX.a.1", text)),
  fc.string({ maxLength: 40 }).map((text) => hpub("orders.new", text)),
  fc.constantFrom("", "+ACK", "-NAK", "+TERM", "+WPI", "+NXT").map((kind) => {
    return pub("$JS.ACK.ORDERS.W.2.7.9.1767225600000000000.0", null, kind);
  }),
  fc.constant(pub("$JS.API.STREAM.INFO.ORDERS", "_INBOX.a.2", "")),
);

function readAll(world: World, chunks: readonly Uint8Array[]): { bytes: string; marks: Mark[] } {
  const tap = createTap();
  const marks: Mark[] = [];
  const sent: Uint8Array[] = [];
  for (const chunk of chunks) {
    const tapped = tapBytes(world, tap, "a-to-b", chunk);
    marks.push(...tapped.marks);
    sent.push(tapped.bytes);
  }
  return { bytes: decoder.decode(concatBytes(sent)), marks };
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const ends = [...at, bytes.length];
  return ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
}

test("marks and bytes do not depend on where a write is cut", () => {
  fc.assert(
    fc.property(
      fc.array(clientFrame, { maxLength: 12 }),
      fc.array(fc.nat(2_000)),
      (all, places) => {
        const whole = concatBytes(all);
        const straight = readAll(createWorld(1), [whole]);
        const pieces = readAll(createWorld(1), cut(whole, places));
        expect(pieces).toEqual(straight);
        expect(straight.bytes).toBe(decoder.decode(whole));
      },
    ),
  );
});

test("a rule takes away whole messages of its kind, and nothing else", () => {
  fc.assert(
    fc.property(
      fc.array(clientFrame, { maxLength: 12 }),
      fc.array(fc.nat(2_000)),
      fc.integer({ min: 1, max: 4 }),
      (all, places, count) => {
        const world = createWorld(1);
        const rule: DropRule = {
          what: "ack",
          stream: "ORDERS",
          consumer: "W",
          subject: null,
          left: count,
        };
        world.drops.push({ ...rule });
        const isAck = (frame: Uint8Array): boolean => {
          return /^PUB \$JS\.ACK\.\S+ (0\r\n|4\r\n\+ACK)/.test(decoder.decode(frame));
        };
        let left = count;
        const kept = all.filter((frame) => !isAck(frame) || left-- <= 0);
        const { bytes } = readAll(world, cut(concatBytes(all), places));
        // A rule holds back the beginning of a message until it is used up; here all are whole.
        expect(bytes).toBe(decoder.decode(concatBytes(kept)));
      },
    ),
  );
});

/** Shapes as a nats-server 2.15.2 sends them (recorded with a raw client). */
test("reads what a server sends: acks of publishes, refusals, deliveries, statuses", () => {
  const world = createWorld(1);
  const read = (bytes: Uint8Array): Partial<Mark> | undefined => {
    return tapBytes(world, createTap(), "b-to-a", bytes).marks[0];
  };
  expect(read(msg("_INBOX.a.1", null, '{"stream":"ORDERS", "seq":5}'))).toMatchObject({
    what: "puback",
    stream: "ORDERS",
    seq: 5,
    duplicate: false,
  });
  const duplicate = '{"stream":"ORDERS","domain":"hub","seq":5,"duplicate": true}';
  expect(read(msg("_INBOX.a.1", null, duplicate))).toMatchObject({ seq: 5, duplicate: true });
  // Whatever the prefix of the inbox: what JetStream answers says what it is.
  expect(read(msg("app.inbox.7", null, '{"stream":"ORDERS", "seq":6}'))).toMatchObject({
    what: "puback",
    seq: 6,
  });
  expect(read(msg("app.inbox.7", null, '{"id":6}'))).toMatchObject({ what: "message" });
  const refusal =
    '{"error":{"code":400,"err_code":10077,"description":"maximum messages exceeded"},' +
    '"stream":"ORDERS","seq":0}';
  expect(read(msg("_INBOX.a.1", null, refusal))).toMatchObject({ what: "refused", code: 10077 });
  const ackSubject = "$JS.ACK.ORDERS.W.2.7.9.1767225600000000000.3";
  expect(read(msg("orders.new", ackSubject, "hello"))).toMatchObject({
    what: "delivery",
    stream: "ORDERS",
    consumer: "W",
    deliveries: 2,
    seq: 7,
    consumerSeq: 9,
  });
  const status = encode((out) => {
    const headers = encodeText("NATS/1.0 503\r\n\r\n");
    encodeMsg(out, "1", createMessage("_INBOX.a.1", null, headers, encodeText("")));
  });
  expect(read(status)).toMatchObject({ what: "status", code: 503 });
});

test("bytes that are no NATS pass unread", () => {
  const world = createWorld(1);
  const { bytes, marks } = readAll(world, [encodeText("PUB a b c x\r\nPUB orders.new 1\r\nx\r\n")]);
  expect(bytes).toBe("PUB a b c x\r\nPUB orders.new 1\r\nx\r\n");
  expect(marks).toEqual([]);
});
