/**
 * A stream under any publishes, removals and expiries, held against a list.
 * Evidence: our model of limits (facts: nats-server `storeRawMsg`, `PurgeEx`, `expireMsgs`), which
 * `test/differential/jetstream` compares with nats-server 2.15.2.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addToStoredTime, fork, type StoredTime, type StreamSeq } from "../../kernel/index.ts";
import { encodeHeaders, encodeText } from "../../protocol/index.ts";
import { decodeStreamConfigRequest } from "./config/config-decode.ts";
import { checkStreamConfig } from "./config/config-rules.ts";
import type { StreamConfig } from "./config/config-shape.ts";
import { proposeMessage } from "./publish-check.ts";
import { loadMessage } from "./store/message-read.ts";
import { nextExpiry } from "./stream-expiry.ts";
import type { PublishContext, StreamEffect, StreamState } from "./stream-shape.ts";
import { applyStreamEntry, createStream } from "./stream-state.ts";

const epoch: StoredTime = { s: 1_767_225_600, n: 0 };
const second = 1_000_000_000;
const at = (seconds: number): StoredTime => addToStoredTime(epoch, seconds * second);

function configOf(fields: Record<string, unknown>): StreamConfig {
  const { config } = decodeStreamConfigRequest(JSON.stringify({ name: "S", ...fields }));
  const context = {
    duplicatesMax: 0,
    bytesLimits: () => ({ required: false, limit: 0 }),
    findStream: () => null,
  };
  return checkStreamConfig(config, context, false);
}

function contextAt(now: StoredTime): PublishContext {
  const maxPayload = 1 << 20;
  return { now, maxPayload, isOwn: false, hasInterest: () => true, checkLimits: () => null };
}

type Headers = readonly (readonly [string, string])[];

/** Publishes at a time; answers the sequence, "duplicate N", or the error's description. */
function publish(
  stream: StreamState,
  subject: string,
  when: StoredTime,
  headers: Headers = [],
): number | string {
  const message = {
    subject,
    headers: headers.length === 0 ? null : encodeHeaders(headers),
    payload: encodeText("body"),
  };
  const proposal = proposeMessage(stream, message, contextAt(when));
  if (proposal.kind === "duplicate") return `duplicate ${proposal.seq}`;
  if (proposal.kind === "refuse") return proposal.error.description;
  const effects: StreamEffect[] = [];
  applyStreamEntry(stream, proposal.entry, effects);
  return stream.store.seqLast;
}

describe("a stream", () => {
  test("keeps its limits whatever is published, as a list would", () => {
    const config = fc.record({
      max_msgs: fc.constantFrom(-1, 3, 7),
      max_msgs_per_subject: fc.constantFrom(-1, 1, 2),
      max_age: fc.constantFrom(0, 10 * second),
      storage: fc.constantFrom("file", "memory"),
    });
    const step = fc.record({ subject: fc.nat({ max: 3 }), wait: fc.nat({ max: 6 }) });
    fc.assert(
      fc.property(config, fc.array(step, { maxLength: 30 }), (limits, steps) => {
        const stream = createStream(configOf({ ...limits, subjects: ["s.*"] }), epoch);
        let list: { seq: number; subject: string; s: number }[] = [];
        let now = 0;
        for (const { subject, wait } of steps) {
          now += wait;
          applyStreamEntry(stream, { kind: "expire", now: at(now) }, []);
          if (limits.max_age > 0) list = list.filter((m) => m.s > now - 10);
          const name = `s.${subject}`;
          const seq = publish(stream, name, at(now));
          list.push({ seq: Number(seq), subject: name, s: now });
          const own = list.filter((m) => m.subject === name);
          const perSubject = limits.max_msgs_per_subject;
          const [first] = own;
          if (first !== undefined && perSubject > 0 && own.length > perSubject) {
            list.splice(list.indexOf(first), 1);
          }
          if (limits.max_msgs > 0 && list.length > limits.max_msgs) list.shift();
        }
        expect(stream.store.messages).toBe(list.length);
        for (const { seq, subject } of list) {
          expect(loadMessage(stream.store, seq as StreamSeq)?.subject).toBe(subject);
        }
        const [oldest] = list;
        const due = oldest === undefined || limits.max_age === 0 ? null : at(oldest.s + 10);
        expect(nextExpiry(stream)).toEqual(due);
      }),
    );
  });

  test("goes on alone after a fork", () => {
    const stream = createStream(configOf({ subjects: ["s.*"] }), epoch);
    publish(stream, "s.a", at(0), [["Nats-Msg-Id", "1"]]);
    const past = fork(stream);
    expect(publish(stream, "s.a", at(1), [["Nats-Msg-Id", "2"]])).toBe(2);
    expect(publish(past, "s.b", at(1), [["Nats-Msg-Id", "2"]])).toBe(2);
    expect(publish(past, "s.b", at(2), [["Nats-Msg-Id", "2"]])).toBe("duplicate 2");
    expect(loadMessage(stream.store, 2 as StreamSeq)?.subject).toBe("s.a");
  });

  // R1 order: expectations come before the duplicate check (processing_order_R1 of headers.json).
  test("checks what is expected before it looks for duplicates", () => {
    const stream = createStream(configOf({ subjects: ["s.*"] }), epoch);
    publish(stream, "s.a", at(0), [["Nats-Msg-Id", "x"]]);
    const again: Headers = [
      ["Nats-Msg-Id", "x"],
      ["Nats-Expected-Last-Sequence", "9"],
    ];
    expect(publish(stream, "s.a", at(0), again)).toBe("wrong last sequence: 1");
  });

  // nats-server `purgeMsgIds`: an id leaves when it is as old as the window.
  test("forgets an id when its window is over, and not before", () => {
    const stream = createStream(configOf({ duplicate_window: 5 * second }), epoch);
    const id: Headers = [["Nats-Msg-Id", "x"]];
    expect(publish(stream, "S", at(0), id)).toBe(1);
    expect(publish(stream, "S", at(4.999), id)).toBe("duplicate 1");
    expect(publish(stream, "S", at(5), id)).toBe(2);
    expect(publish(stream, "S", at(9), id)).toBe("duplicate 2");
  });

  // nats-server `expireMsgs`: never keeps a message from max_age too; TTLs are exact to the second.
  test("lets a message outlive or undercut the stream's age", () => {
    const fields = { max_age: 10 * second, allow_msg_ttl: true };
    const stream = createStream(configOf(fields), epoch);
    publish(stream, "S", at(0), [["Nats-TTL", "never"]]);
    publish(stream, "S", at(0), [["Nats-TTL", "3"]]);
    publish(stream, "S", at(1));
    expect(nextExpiry(stream)).toEqual(at(3));
    const gone: number[] = [];
    for (const now of [2, 3, 10, 11, 1000]) {
      const effects: StreamEffect[] = [];
      applyStreamEntry(stream, { kind: "expire", now: at(now) }, effects);
      for (const effect of effects) if (effect.kind === "removed") gone.push(now, effect.seq);
    }
    expect(gone).toEqual([3, 2, 11, 3]);
    expect(stream.store.messages).toBe(1);
  });
});
