import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeText, encodeText, textBytes, wellFormed, writeText } from "./text.ts";

// Evidence: nats-server 2.15.2 passes subjects on as the bytes that they came as.
test("bytes that are no UTF-8 come back as they were", () => {
  const wild = fc.uint8Array({ maxLength: 200 });
  const near = fc
    .array(fc.constantFrom(0x61, 0x80, 0xbf, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xed, 0xa0, 0xf0, 0x9f))
    .map((list) => Uint8Array.from(list));
  fc.assert(
    fc.property(fc.oneof(wild, near), (bytes) => {
      const text = decodeText(bytes);
      expect(encodeText(text)).toEqual(Uint8Array.from(bytes));
      expect(textBytes(text)).toBe(bytes.length);
      const into = new Uint8Array(text.length * 3);
      expect(into.subarray(0, writeText(text, into, 0))).toEqual(Uint8Array.from(bytes));
    }),
    { numRuns: 3000 },
  );
});

test("text that is text is what any decoder makes of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const bytes = new TextEncoder().encode(text);
      expect(decodeText(bytes)).toBe(text);
      expect(encodeText(text)).toEqual(bytes);
      expect(wellFormed(text)).toBe(text);
    }),
  );
});

test("who wants characters gets U+FFFD for a byte that is none", () => {
  expect(wellFormed(decodeText(Uint8Array.of(0x61, 0x80, 0xc3, 0xa9)))).toBe("a\ufffdé");
});
