/** S2 as nats-server writes and reads it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes, decodeText, encodeText } from "../text.ts";
import { maskedCrc32c } from "./crc32c.ts";
import { decodeBlock, S2Error } from "./s2-decode.ts";
import { decodeS2, encodeS2Chunk, s2Identifier } from "./s2-frames.ts";

const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

/** Bytes with repetitions, near and far, as messages have them. */
const content = fc
  .array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 900 })))
  .map((parts) =>
    concatBytes(parts.flatMap(([bytes, times]) => new Array<Uint8Array>(times).fill(bytes))),
  );

test("reads back what it wrote, in pieces of any size", () => {
  fc.assert(
    fc.property(content, fc.integer({ min: 1, max: 5_000 }), (plain, step) => {
      const stream = concatBytes([s2Identifier(), encodeS2Chunk(plain)]);
      let part = { plain: new Uint8Array(), rest: new Uint8Array(), isBegun: false };
      const read: Uint8Array[] = [];
      for (let at = 0; at < stream.length; at += step) {
        const piece = concatBytes([part.rest, stream.subarray(at, at + step)]);
        part = decodeS2(piece, part.isBegun) as typeof part;
        read.push(part.plain);
      }
      expect(part.rest.length).toBe(0);
      expect(Buffer.compare(concatBytes(read), plain)).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test("makes repetitions short, and nothing longer than it was", () => {
  const lines = encodeText('{"order":17,"state":"new"}\n'.repeat(2_000));
  expect(encodeS2Chunk(lines).length).toBeLessThan(lines.length / 10);
  const noise = Uint8Array.from({ length: 5_000 }, (_, i) => Math.imul(i + 7, 0x9e3779b1) >>> 24);
  expect(encodeS2Chunk(noise).length).toBeLessThanOrEqual(noise.length + 8);
});

// Evidence: the check value of CRC-32C, 0xe3069283, masked as the framing format says.
test("checks with masked CRC-32C", () => {
  const crc = 0xe3069283;
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  expect(maskedCrc32c(encodeText("123456789"))).toBe(masked);
});

// Evidence: the block format of klauspost/compress `s2`, README "Block format".
test("reads blocks with repeated offsets, far copies and runs", () => {
  expect(decodeText(decodeBlock(hex("08 0c 61626364 01 04")))).toBe("abcdabcd");
  // A copy of offset 1 and length 5, then its repeat with length 4.
  expect(decodeText(decodeBlock(hex("0a 00 61 05 01 01 00")))).toBe("aaaaaaaaaa");
  // The same with four bytes of offset, and a repeat whose length stands in a byte of its own.
  expect(decodeText(decodeBlock(hex("0f 00 61 0b 01000000 15 00 03")))).toBe("a".repeat(15));
});

test("refuses what is no S2, in the words of Go's package", () => {
  const refusal = (bytes: Uint8Array): string => {
    try {
      decodeS2(bytes, false);
    } catch (error) {
      if (error instanceof S2Error) return error.message;
      throw error;
    }
    return "";
  };
  expect(refusal(encodeText("hello world"))).toBe("s2: corrupt input");
  expect(refusal(concatBytes([s2Identifier(), hex("02 00 00 00")]))).toBe("s2: unsupported input");
  const chunk = encodeS2Chunk(encodeText("hello"));
  chunk[chunk.length - 1] = 0;
  expect(refusal(concatBytes([s2Identifier(), chunk]))).toBe("s2: corrupt input, crc mismatch");
  expect(() => decodeBlock(hex("05 01 01"))).toThrow("s2: corrupt input");
  expect(() => decodeBlock(hex("ffffffffff7f"))).toThrow("s2: corrupt input");
});

test("never fails otherwise, whatever the bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodeBlock(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(S2Error);
      }
    }),
  );
});
