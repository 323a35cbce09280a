import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { sha256 } from "./sha256.ts";
import { encodeText } from "./text.ts";

// The judge is Node's own SHA-256; 55, 56 and 64 bytes are where the padding changes.
test.each([0, 1, 3, 55, 56, 63, 64, 65, 200])("hashes %i bytes as everybody does", (length) => {
  const bytes = encodeText("abc".repeat(67).slice(0, length));
  expect(Buffer.from(sha256(bytes)).toString("hex")).toBe(
    createHash("sha256").update(bytes).digest("hex"),
  );
});
