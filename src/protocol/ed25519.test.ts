import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { verifyEd25519 } from "./ed25519.ts";
import { decodePublicKey, randomPublicKey } from "./ids.ts";
import { sha512 } from "./sha512.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

// Evidence: Node's own SHA-512, at the lengths where padding takes another block.
test.each([0, 3, 111, 112, 127, 128, 300])("hashes %i bytes", (length) => {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) & 255);
  expect(Buffer.from(sha512(bytes))).toEqual(createHash("sha512").update(bytes).digest());
});

// Evidence: RFC 8032 section 7.1, tests 1 and 2.
test.each([
  [
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" +
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
])("accepts the signature of key %s", (key, message, signature) => {
  expect(verifyEd25519(hex(key), hex(message), hex(signature))).toBe(true);
  const wrong = hex(signature);
  wrong[5] = (wrong[5] ?? 0) ^ 1;
  expect(verifyEd25519(hex(key), hex(message), wrong)).toBe(false);
  expect(verifyEd25519(hex(key), hex(`${message}00`), hex(signature))).toBe(false);
});

// Evidence: Node's own Ed25519.
test("accepts what Node signs", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = Uint8Array.from(publicKey.export({ format: "der", type: "spki" }).subarray(-32));
  const nonce = Uint8Array.from(Buffer.from("tYskk8zCPI0gwrY"));
  expect(verifyEd25519(raw, nonce, Uint8Array.from(sign(null, nonce, privateKey)))).toBe(true);
});

// Source: nats-io/nkeys: a prefix byte, the key and a checksum.
test("reads the key in a public nkey, and no other text", () => {
  let seed = 1;
  const draw = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed;
  };
  const user = randomPublicKey("user", draw);
  expect(user).toMatch(/^U[A-Z2-7]{55}$/);
  expect(decodePublicKey("user", user)?.length).toBe(32);
  expect(decodePublicKey("server", user)).toBeNull();
  const last = user.endsWith("A") ? "B" : "A";
  expect(decodePublicKey("user", user.slice(0, 55) + last)).toBeNull();
  expect(decodePublicKey("user", "U1")).toBeNull();
});
