/** Sizes of nats-server's reads. */
import { expect, test } from "vitest";
import { createReadBuffer, noteRead } from "./read-buffer.ts";

// Evidence: nats-server 2.15.2 `readLoop`.
test("a buffer that is filled doubles, and what is read short three times halves it", () => {
  const buffer = createReadBuffer();
  const sizes = [512, 1024, 10, 10, 10, 10, 64, 40_000].map((bytes) => {
    noteRead(buffer, Math.min(bytes, buffer.size));
    return buffer.size;
  });
  expect(sizes).toEqual([1024, 2048, 2048, 2048, 1024, 512, 256, 512]);
});

test("a buffer is 64 bytes to 64 KB", () => {
  const buffer = createReadBuffer();
  for (let i = 0; i < 20; i++) noteRead(buffer, 1);
  expect(buffer.size).toBe(64);
  for (let i = 0; i < 20; i++) noteRead(buffer, buffer.size);
  expect(buffer.size).toBe(65_536);
});
