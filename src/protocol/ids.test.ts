import fc from "fast-check";
import { expect, test } from "vitest";
import { createNuid, decodeBase64, encodeBase64, nextNuid, randomPublicKey } from "./ids.ts";

/** A small generator: what it gives does not matter, only that it is the same each time. */
function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}

test("NUIDs are 22 characters, and no two alike", () => {
  const draw = draws(1);
  const nuid = createNuid(draw);
  const made = new Set<string>();
  for (let i = 0; i < 10_000; i++) made.add(nextNuid(nuid, draw));
  expect(made.size).toBe(10_000);
  for (const id of made) expect(id).toMatch(/^[0-9A-Za-z]{22}$/);
});

test("a counter at its end starts over with a new prefix", () => {
  const draw = draws(2);
  const nuid = createNuid(draw);
  const { prefix } = nuid;
  nuid.high = 62 ** 5 - 1;
  nuid.low = 62 ** 5 - 1;
  nextNuid(nuid, draw);
  expect(nuid.prefix).not.toBe(prefix);
});

// Evidence: INFO of nats-server 2.15.2: server_id "N…", xkey "X…", 56 characters each.
test("public keys look like nkeys", () => {
  expect(randomPublicKey("server", draws(3))).toMatch(/^N[A-Z2-7]{55}$/);
  expect(randomPublicKey("curve", draws(3))).toMatch(/^X[A-Z2-7]{55}$/);
});

test("base64 there and back", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
      expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
    }),
  );
  expect(decodeBase64("a*b")).toBeNull();
});
