/** Records of TLS that reach `serve` together. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect as dial, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { connect as dialTls, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeListener, listen, portOf } from "../../src/node/serve/listeners.ts";
import { openSecurity } from "../../src/node/serve/security.ts";
import type { Link, Served } from "../../src/node/serve/served.ts";
import { createTcpListener } from "../../src/node/serve/tcp.ts";
import { serverConfigFromText } from "../../src/server/index.ts";
import { createAuthority, issue } from "./certificates.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "windtunnel-records-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Says everything again. */
function echo(): Served {
  let link: Link;
  return {
    accept(peer) {
      link = peer;
      return 1;
    },
    receive: (_conn, chunk) => link.write(chunk),
    closed: () => {},
    drained: () => {},
    monitor: () => null,
  };
}

/** A client whose bytes leave when they are let go. */
function heldBack(raw: Socket): { readonly stream: Duplex; letGo(): void; hold(): void } {
  let held: Buffer[] | null = null;
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      if (held === null) raw.write(chunk);
      else held.push(chunk);
      done();
    },
  });
  raw.on("data", (chunk) => stream.push(chunk));
  return {
    stream,
    hold() {
      held = [];
    },
    letGo() {
      raw.write(Buffer.concat(held ?? []));
      held = null;
    },
  };
}

const sent = (secure: TLSSocket, text: string): Promise<void> =>
  new Promise((done) => secure.write(text, () => done()));

// Evidence: test_tls_reconnect of nats-py ends its connection with the first of two answers; what
// comes after its goodbye is an error to its library. It passes against nats-server 2.15.2.
test("what came together is answered together", async () => {
  const pair = issue(createAuthority(folder, "authority"), "server", ["localhost"]);
  const { config } = serverConfigFromText(
    `tls { cert_file: "${pair.certFile}", key_file: "${pair.keyFile}" }`,
  );
  const served = echo();
  const security = openSecurity(config);
  const listener = createTcpListener(() => served, { security: () => security });
  await listen(listener, "127.0.0.1", -1);
  const raw = dial({ host: "127.0.0.1", port: portOf(listener) });
  const { stream, hold, letGo } = heldBack(raw);
  const secure = dialTls({ socket: stream, rejectUnauthorized: false });
  const heard: string[] = [];
  secure.on("data", (chunk) => heard.push(String(chunk)));
  await sent(secure, "before");
  await expect.poll(() => heard).toEqual(["before"]);
  hold();
  for (const text of ["PUB 1 ", "PUB 2 ", "PUB 3 "]) await sent(secure, text);
  letGo();
  await expect.poll(() => heard.join("").length).toBe("beforePUB 1 PUB 2 PUB 3 ".length);
  expect(heard).toEqual(["before", "PUB 1 PUB 2 PUB 3 "]);
  raw.destroy();
  await closeListener(listener);
});
