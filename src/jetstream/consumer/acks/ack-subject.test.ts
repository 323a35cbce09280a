/** Evidence: nats-server `server/consumer.go` `ackReplyInfo`, `parseAckReplyNum`. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readAckSubject } from "./ack-subject.ts";

const prefix = "$JS.ACK.S.C.";
const none = { streamSeq: 0, consumerSeq: 0, deliveries: 0 };

test("reads deliveries, stream and consumer sequence in either way", () => {
  const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(number, number, number, (deliveries, streamSeq, consumerSeq) => {
      const subject = `${prefix}${deliveries}.${streamSeq}.${consumerSeq}.1767225600000000000.7`;
      const expected = { deliveries, streamSeq, consumerSeq };
      expect(readAckSubject(subject, prefix)).toEqual(expected);
      expect(readAckSubject(subject, "elsewhere")).toEqual(expected);
    }),
  );
});

test("finds the numbers behind domain and account hash, whatever follows them", () => {
  const subject = "$JS.ACK.hub.hash.S.C.2.30.40.1767225600000000000.7.extra.more";
  const expected = { deliveries: 2, streamSeq: 30, consumerSeq: 40 };
  expect(readAckSubject(subject, prefix)).toEqual(expected);
});

test("takes what is no ack subject for sequence 0", () => {
  for (const subject of [`${prefix}1.2.3`, "$JS.FC.S.C.1.2.3.4.5", "a.b", `${prefix}1.2.3.4.5.6`]) {
    expect(readAckSubject(subject, prefix)).toEqual(none);
  }
});

test("takes what is no number for the largest there is, so that it is past every message", () => {
  const { streamSeq } = readAckSubject(`${prefix}1.x.3.4.5`, prefix);
  expect(streamSeq).toBe(Number.MAX_SAFE_INTEGER);
});
