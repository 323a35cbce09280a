import { createPrivateKey, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { serverConfigFromText } from "../config/from-conf.ts";
import { acceptConn } from "../server.ts";
import { type Bench, bench, open, peer, say, take } from "../test-bench.ts";

// The key of RFC 8032 section 7.1, test 1, as nats-io/nkeys writes the public half.
const nkey = "UDLVVGABQKYQVN6VJP7NHSLEA45A5YLS6PNKMIZFV4BBU2HXA5IRUVAL";
const seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const privateKey = createPrivateKey({
  key: Buffer.from(`302e020100300506032b657004220420${seed}`, "hex"),
  format: "der",
  type: "pkcs8",
});

function started(text: string): Bench {
  return bench(serverConfigFromText(text).config);
}

function nonceOf(info: string): string {
  return /"nonce":"([^"]*)"/.exec(info)?.[1] ?? "";
}

/** Connects with the key and a signature of what `signed` makes of the nonce. */
function connect(on: Bench, signed: (nonce: string) => string, encoding: BufferEncoding): string {
  open(on, 1, "");
  const nonce = on.server.conns.get(1)?.nonce ?? "";
  const sig = sign(null, Buffer.from(signed(nonce)), privateKey).toString(encoding);
  say(on, 1, `CONNECT {"verbose":false,"nkey":"${nkey}","sig":"${sig}"}\r\nPING\r\n`);
  return take(on, 1);
}

const withKey = `authorization { users: [{nkey: ${nkey}}, {user: a, password: a}] }`;

// Source: nats-server auth.go processClientOrLeafAuthentication, nkey.go generateNonce.
describe("users with keys", () => {
  test.each(["base64url", "base64"] as const)("may come in who sign the nonce (%s)", (encoding) => {
    const on = started(withKey);
    expect(connect(on, (nonce) => nonce, encoding)).toMatch(/^PONG\r\n/);
    expect(on.server.conns.get(1)?.user).toBe(nkey);
  });

  test("stay out with a signature of something else, or none", () => {
    const on = started(withKey);
    expect(connect(on, () => "other", "base64url")).toBe("-ERR 'Authorization Violation'\r\n");
    open(on, 2, "");
    say(on, 2, `CONNECT {"verbose":false,"nkey":"${nkey}"}\r\n`);
    expect(take(on, 2)).toBe("-ERR 'Authorization Violation'\r\n");
  });

  test("do not come in by name and an empty password", () => {
    const on = started(withKey);
    open(on, 1, "");
    say(on, 1, `CONNECT {"verbose":false,"user":"${nkey}","pass":""}\r\n`);
    expect(take(on, 1)).toBe("-ERR 'Authorization Violation'\r\n");
  });

  test("get a nonce of 15 characters each, others none", () => {
    const greeting = (on: Bench, conn: number): string => {
      acceptConn(on.server, on.io, conn, peer);
      return nonceOf(take(on, conn));
    };
    const on = started(withKey);
    expect(greeting(on, 1)).toMatch(/^[\w-]{15}$/);
    expect(greeting(on, 2)).not.toBe(on.server.conns.get(1)?.nonce);
    expect(greeting(started("authorization { user: a, password: a }"), 1)).toBe("");
  });

  test.each([
    ["{nkey: UNOKEY}", "Not a valid public nkey for a user"],
    [`{nkey: ${nkey}, password: x}`, "Nkey users do not take usernames or passwords"],
  ])("%s is refused", (user, complaint) => {
    const text = `authorization { users: [${user}] }`;
    expect(() => serverConfigFromText(text)).toThrow(complaint);
  });
});
