/** Bodies that were asked for in another form, read by what Node has for it, and by our reader. */
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { encodeContent } from "./content-encoding.ts";
import { decodeS2 } from "./s2/s2-frames.ts";
import { encodeText } from "./text.ts";

const bodies = ["{}", "a repeated text, ".repeat(9_000), ""].map(encodeText);

test("gzip is read by others", () => {
  for (const body of bodies.slice(0, 2)) {
    const { encoding, bytes } = encodeContent("deflate, GZIP;q=1", body);
    expect(encoding).toBe("gzip");
    expect(new Uint8Array(gunzipSync(bytes))).toEqual(body);
  }
});

// Snappy's frames hold at most 65,536 bytes each: its framing format, section 4.2.
test("Snappy comes in its own frames, and before gzip", () => {
  for (const body of bodies.slice(0, 2)) {
    const { encoding, bytes } = encodeContent("gzip, s2", body);
    expect(encoding).toBe("snappy");
    expect(new TextDecoder().decode(bytes.subarray(4, 10))).toBe("sNaPpY");
    const { plain, rest } = decodeS2(bytes, false);
    expect([plain, rest.length]).toEqual([body, 0]);
  }
});

// Source: nats-server `getAcceptEncoding`, `internalSendLoop`.
test("what nobody knows is said to be as it is; without a wish, or a body, nothing is", () => {
  const [body = encodeText("")] = bodies;
  expect(encodeContent("br", body)).toEqual({ encoding: "identity", bytes: body });
  expect(encodeContent("", body).encoding).toBe(null);
  expect(encodeContent("gzip", encodeText("")).encoding).toBe(null);
});
