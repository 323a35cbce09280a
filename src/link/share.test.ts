import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { decodeShare, encodeShare, type SharedSession, ShareLinkError } from "./index.ts";

const seed = 5;

const session: SharedSession = {
  behaviour: 1,
  seed: 7,
  files: [{ path: "order.json", text: '{"id":1}\n' }],
  journal: `windtunnel 1
title   The ack that never arrived
seed    7
world   server
0s      nats stream add ORDERS --subjects 'orders.>' --storage file --defaults
1s      nats pub -J orders.new 1001
`,
  view: { at: 6_500_000_000, speed: 1, select: "consumer ORDERS/W" },
  caption: "The ring drains, and the message flies again.",
  hash: "0123456789abcdef0123456789abcdef",
};

/** Every link ever issued must open: lines are only added here. */
test("every link in test/links opens to what it held", async () => {
  const file = new URL("../../test/links/format-1.jsonl", import.meta.url);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    const { link, session: held } = JSON.parse(line) as { link: string; session: SharedSession };
    expect(await decodeShare(link)).toEqual(held);
  }
});

test("a session comes back from its link, in any form of the address", async () => {
  const fragment = await encodeShare(session);
  expect(fragment).toMatch(/^#w=1\.[A-Za-z0-9_-]+$/);
  for (const link of [
    fragment,
    fragment.slice(1),
    fragment.slice(3),
    ` https://x.test/a?b#${fragment.slice(1)} `,
  ]) {
    expect(await decodeShare(link)).toEqual(session);
  }
});

test("a session of fifty actions fits into 2,000 characters", async () => {
  const lines = Array.from({ length: 50 }, (_, i) => {
    const at = (i * 2.317 + 0.4).toFixed(3);
    const commands = [
      `nats stream add S${i} --subjects 's${i}.>' --storage file --retention limits --defaults`,
      `nats pub orders.new "order {{Count}} for customer ${i * 37}" --count ${i}`,
      `nats consumer next ORDERS order-processor --count ${i % 5} --ack`,
      `nats consumer info ORDERS order-processor`,
      `nats request -H Nats-Msg-Id:${i} orders.new hello`,
      "fault drop ack --stream ORDERS --consumer W",
      `load worker W${i} --stream ORDERS --consumer W --work ${i * 10}ms`,
    ];
    return `${at}s ${commands[i % commands.length]}`;
  });
  const journal = `windtunnel 1\ntitle t\nseed 7\nworld server\n${lines.join("\n")}\n`;
  const link = await encodeShare({ ...session, files: [], journal });
  expect(link.length).toBeLessThanOrEqual(2000);
});

test("a bad link says what is wrong with it", async () => {
  const good = await encodeShare(session);
  const kindOf = async (link: string): Promise<string> => {
    try {
      await decodeShare(link);
      return "fine";
    } catch (error) {
      expect(error).toBeInstanceOf(ShareLinkError);
      return (error as ShareLinkError).kind;
    }
  };
  expect(await kindOf("")).toBe("not-a-link");
  expect(await kindOf("https://example.test/")).toBe("not-a-link");
  expect(await kindOf("#w=9.AAAA")).toBe("unknown-version");
  expect(await kindOf("#w=1.")).toBe("truncated");
  expect(await kindOf(good.slice(0, -40))).toBe("truncated");
  expect(await kindOf(`${good.slice(0, 60)}!${good.slice(61)}`)).toBe("garbled");
  expect(await kindOf(`#w=1.${"A".repeat(1_000_004)}`)).toBe("too-large");
  // Seventeen megabytes of nothing pack into a few kilobytes.
  const bomb = await encodeShare({ ...session, journal: " ".repeat(17_000_000) });
  expect(bomb.length).toBeLessThan(100_000);
  expect(await kindOf(bomb)).toBe("too-large");
});

test(`no change to a link goes unnoticed (seed ${seed})`, async () => {
  const good = await encodeShare(session);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const at = fc.integer({ min: 5, max: good.length - 2 });
  await fc.assert(
    fc.asyncProperty(at, fc.nat(63), async (i, c) => {
      const changed = good.slice(0, i) + alphabet[c] + good.slice(i + 1);
      if (changed === good) return;
      await expect(decodeShare(changed)).rejects.toBeInstanceOf(ShareLinkError);
    }),
    { seed, numRuns: 400 },
  );
});

test(`base64url is the platform's (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = encodeBase64url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString("base64url"));
      expect(decodeBase64url(text)).toEqual(bytes);
    }),
    { seed },
  );
});
