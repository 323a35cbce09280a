import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  appendHeader,
  decodeHeaders,
  encodeHeaders,
  getHeader,
  hasHeader,
  removeHeader,
  removeHeaderPrefix,
  setHeader,
} from "./headers.ts";
import { decodeText, encodeText } from "./text.ts";

const name = fc.stringMatching(/^[A-Za-z-]{1,8}$/);
const value = fc.stringMatching(/^[!-9;-~é]{0,12}$/);
const entries = fc.array(fc.tuple(name, value), { maxLength: 6 });

describe("header blocks", () => {
  test("what is encoded is decoded", () => {
    fc.assert(
      fc.property(entries, fc.option(fc.integer({ min: 100, max: 599 })), (list, status) => {
        const decoded = decodeHeaders(encodeHeaders(list, status, status === null ? "" : "No Way"));
        expect(decoded.entries).toEqual(list);
        expect(decoded.status).toBe(status);
        expect(decoded.description).toBe(status === null ? "" : "No Way");
      }),
    );
  });

  test("the first value of a name is found without decoding", () => {
    fc.assert(
      fc.property(entries, name, (list, wanted) => {
        const block = encodeHeaders(list);
        const first = list.find(([one]) => one === wanted);
        expect(getHeader(block, wanted)).toBe(first === undefined ? null : first[1]);
      }),
    );
  });

  test("set replaces the first and keeps the others", () => {
    fc.assert(
      fc.property(entries, name, value, (list, wanted, text) => {
        const block = encodeHeaders(list);
        const before = decodeText(block);
        const at = list.findIndex(([one]) => one === wanted);
        const expected =
          at < 0
            ? [...list, [wanted, text]]
            : list.map((one, i) => (i === at ? [wanted, text] : one));
        expect(decodeHeaders(setHeader(block, wanted, text)).entries).toEqual(expected);
        expect(decodeText(block)).toBe(before);
      }),
    );
  });

  test("remove takes all of a name, and leaves null when nothing is left", () => {
    fc.assert(
      fc.property(entries, name, (list, wanted) => {
        const left = list.filter(([one]) => one !== wanted);
        const removed = removeHeader(encodeHeaders(list), wanted);
        if (left.length === list.length) expect(removed).toEqual(encodeHeaders(list));
        else if (left.length === 0) expect(removed).toBeNull();
        else expect(decodeHeaders(removed).entries).toEqual(left);
      }),
    );
  });

  test("names are compared to the letter, and only at the start of a line", () => {
    const block = encodeText("NATS/1.0\r\nX-Nats-Msg-Id: no\r\nNats-Msg-Id:   yes \r\n\r\n");
    expect(getHeader(block, "Nats-Msg-Id")).toBe("yes ");
    expect(getHeader(block, "nats-msg-id")).toBeNull();
    expect(hasHeader(block, "Msg-Id")).toBe(false);
  });

  test("a prefix takes a family of headers", () => {
    const block = encodeHeaders([
      ["Nats-Schedule", "a"],
      ["Other", "b"],
      ["Nats-Schedule-Target", "c"],
    ]);
    expect(decodeHeaders(removeHeaderPrefix(block, "Nats-Schedule")).entries).toEqual([
      ["Other", "b"],
    ]);
  });

  test("append adds to no block at all", () => {
    expect(decodeText(appendHeader(null, "A", "1"))).toBe("NATS/1.0\r\nA: 1\r\n\r\n");
  });

  // Evidence: run of nats-server 2.15.2, a request that nobody answers.
  test("the status line of no responders", () => {
    const block = encodeHeaders([["Nats-Subject", "nobody.here"]], 503);
    expect(decodeText(block)).toBe("NATS/1.0 503\r\nNats-Subject: nobody.here\r\n\r\n");
    expect(block).toHaveLength(43);
  });
});
