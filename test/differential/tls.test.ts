/**
 * TLS on real sockets: the same program against `windtunnel serve` and against nats-server 2.15.2,
 * which is skipped, visibly, where there is none.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ConnectionOptions, connect as dialTls } from "node:tls";
import { connect, type NodeConnectionOptions } from "@nats-io/transport-node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { builtServe } from "../../src/node/serve/built-for-tests.ts";
import { serverConfigFromText } from "../../src/server/index.ts";
import { type Authority, createAuthority, issue, type Pair } from "./certificates.ts";
import { checkWithNatsServer, natsServerPath } from "./real-server.ts";

const root = resolve(import.meta.dirname, "../..");

let folder = "";
let authority: Authority;
let server: Pair;
let alice: Pair;
let stranger: Pair;
let child: ChildProcess | null = null;
let ports: Record<string, string[]> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "windtunnel-tls-"));
  authority = createAuthority(folder, "authority");
  server = issue(authority, "server", ["localhost", "127.0.0.1"]);
  alice = issue(authority, "alice", ["alice@example.com"]);
  stranger = issue(createAuthority(folder, "elsewhere"), "stranger", ["alice@example.com"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => void child?.kill("SIGKILL"));

async function start([program = "", ...args]: readonly string[], conf: string): Promise<void> {
  const file = join(folder, "server.conf");
  writeFileSync(file, `host: 127.0.0.1\nport: -1\nports_file_dir: "${folder}"\n${conf}\n`);
  const started = spawn(program, [...args, "-c", file], { cwd: root, stdio: "ignore" });
  child = started;
  const portsFile = join(folder, `nats-server_${started.pid}.ports`);
  const until = Date.now() + 30_000;
  while (!existsSync(portsFile) || readFileSync(portsFile, "utf8") === "") {
    if (started.exitCode !== null || Date.now() > until)
      throw new Error("the server does not start");
    await new Promise((next) => setTimeout(next, 50));
  }
  ports = JSON.parse(readFileSync(portsFile, "utf8")) as Record<string, string[]>;
}

function tls(more = ""): string {
  return `{ cert_file: "${server.certFile}", key_file: "${server.keyFile}", ${more} }`;
}

function verifying(): string {
  return `ca_file: "${authority.caFile}", verify: true`;
}

function dial(more: Partial<NodeConnectionOptions> = {}) {
  const servers = ports.nats?.[0]?.replace("nats://", "") ?? "";
  return connect({ servers, reconnect: false, timeout: 5000, ...more });
}

const trust = () => ({ caFile: authority.caFile });

/** What a plain socket hears in its first moments, and whether it was closed. */
function hear(say: string, ms: number): Promise<{ text: string; closed: boolean }> {
  const port = Number(/:(\d+)$/.exec(ports.nats?.[0] ?? "")?.[1] ?? 0);
  return new Promise((done) => {
    const heard = { text: "", closed: false };
    const socket = createConnection(port, "127.0.0.1", () => void socket.write(say));
    socket.on("data", (chunk) => {
      heard.text += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      heard.closed = true;
    });
    setTimeout(() => {
      socket.destroy();
      done(heard);
    }, ms);
  });
}

const infoTls = (text: string): unknown => {
  const info = JSON.parse(/^INFO (.*)\r\n/.exec(text)?.[1] ?? "null") as Record<string, unknown>;
  const { tls_required, tls_verify, tls_available } = info;
  return { tls_required, tls_verify, tls_available };
};

async function talks(more: Partial<NodeConnectionOptions>): Promise<Record<string, unknown>> {
  const nc = await dial(more);
  nc.subscribe("echo", { callback: (_, message) => void message.respond(message.data) });
  const body = "x".repeat(200_000);
  expect((await nc.request("echo", body)).string()).toBe(body);
  const { tls_required, tls_verify, tls_available } = nc.info ?? {};
  await nc.close();
  return { tls_required, tls_verify, tls_available };
}

const sides: readonly (readonly [string, readonly string[]])[] = [
  ["windtunnel serve", builtServe],
  ["nats-server", natsServerPath === null ? [] : [natsServerPath]],
];

describe.each(sides)("%s", (_name, program) => {
  const check = test.skipIf(program.length === 0);

  check("says INFO in the clear, then wants TLS; plain text is cut off", async () => {
    await start(program, `tls ${tls("timeout: 0.3")}`);
    const required = { tls_required: true, tls_verify: undefined, tls_available: undefined };
    expect(await talks({ tls: trust() })).toEqual(required);
    const plain = await hear("CONNECT {}\r\nPING\r\n", 300);
    expect(infoTls(plain.text)).toEqual(required);
    expect(plain.text).not.toContain("PONG");
    expect(plain.closed).toBe(true);
    // A handshake that does not come in time is as good as none.
    expect((await hear("", 900)).closed).toBe(true);
    await expect(dial({ tls: {} })).rejects.toThrow();
  });

  check("serves both with allow_non_tls", async () => {
    await start(program, `tls ${tls()}\nallow_non_tls: true`);
    const available = { tls_required: undefined, tls_verify: undefined, tls_available: true };
    // Else nats.js makes use of what is available.
    expect(await talks({ tls: null })).toEqual(available);
    expect(await talks({ tls: trust() })).toEqual(available);
    expect((await hear("CONNECT {}\r\nPING\r\n", 300)).text).toContain("PONG");
  });

  check("asks clients for a certificate of the authority", async () => {
    await start(program, `tls ${tls(verifying())}`);
    const verified = { tls_required: true, tls_verify: true, tls_available: undefined };
    expect(await talks({ tls: { ...trust(), ...alice } })).toEqual(verified);
    await expect(dial({ tls: trust() })).rejects.toThrow();
    await expect(dial({ tls: { ...trust(), ...stranger } })).rejects.toThrow();
  });

  // Source: Go's crypto/tls processCertsFromClient.
  check("tells a client what is wrong with its certificate", async () => {
    await start(program, `tls ${tls(`handshake_first: true, ${verifying()}`)}`);
    const expired = issue(authority, "expired", ["alice@example.com"], "210101000000Z");
    for (const ciphers of [
      "AES_128_GCM_SHA256",
      "AES_256_GCM_SHA384",
      "CHACHA20_POLY1305_SHA256",
    ]) {
      const client = { ...files(stranger), ciphers: `TLS_${ciphers}` };
      expect(await alertFor(client), ciphers).toBe("unknown ca");
    }
    expect(await alertFor(files(expired))).toBe("certificate expired");
    expect(await alertFor({})).toBe("certificate required");
    expect(await alertFor(files(alice))).toBe("none");
    const before = { maxVersion: "TLSv1.2" } as const;
    expect(await alertFor({ ...files(stranger), ...before })).toBe("unknown ca");
    expect(await alertFor({ ...files(expired), ...before })).toBe("certificate expired");
    expect(await alertFor(before)).toBe("handshake failure");
    expect(await alertFor({ ...files(alice), ...before })).toBe("none");
  });

  // Source: Go's crypto/tls checkForResumption.
  check("resumes no session of a certificate that has expired since", async () => {
    await start(program, `tls ${tls(`handshake_first: true, ${verifying()}`)}`);
    const until = Date.now() + 4000;
    const brief = files(issue(authority, "brief", ["alice@example.com"], utcTime(until)));
    const again: ConnectionOptions[] = [];
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      const client = { ...brief, maxVersion };
      expect(await alertFor(client, (session) => again.push({ ...client, session }))).toBe("none");
    }
    expect(again).toHaveLength(2);
    await new Promise((next) => setTimeout(next, until + 1100 - Date.now()));
    for (const client of again) {
      expect(await alertFor(client), client.maxVersion).toBe("certificate expired");
    }
  });

  check("knows users by their certificates", async () => {
    const users = 'authorization { users [ { user: "alice@example.com" } ] }';
    const map = `ca_file: "${authority.caFile}", verify_and_map: true`;
    await start(program, `tls ${tls(map)}\n${users}`);
    const nc = await dial({ tls: { ...trust(), ...alice } });
    const told = (await nc.request("$SYS.REQ.USER.INFO")).json<{ data: { user: string } }>();
    expect(told.data.user).toBe("alice@example.com");
    await nc.close();
    const other = issue(authority, "bob", ["bob@example.com"]);
    await expect(dial({ tls: { ...trust(), ...other } })).rejects.toThrow(
      "Authorization Violation",
    );
  });

  check("shakes hands first, and says nothing before", async () => {
    await start(program, `tls ${tls("handshake_first: true")}`);
    expect(await talks({ tls: { ...trust(), handshakeFirst: true } })).toMatchObject({
      tls_required: true,
    });
    expect((await hear("", 300)).text).toBe("");
  });

  check("waits for a handshake only so long", async () => {
    await start(program, `tls ${tls('handshake_first: "200ms"')}`);
    expect(await talks({ tls: { ...trust(), handshakeFirst: true } })).toMatchObject({
      tls_required: true,
    });
    expect(await talks({ tls: trust() })).toMatchObject({ tls_required: true });
    expect((await hear("", 100)).text).toBe("");
    expect((await hear("", 500)).text).toMatch(/^INFO /);
  });

  check("takes its certificates from the command line", async () => {
    const own = ["--tlscert", server.certFile, "--tlskey", server.keyFile];
    const flags = [...own, "--tlscacert", authority.caFile, "--tlsverify"];
    await start([...program, ...flags], "");
    const verified = { tls_required: true, tls_verify: true, tls_available: undefined };
    expect(await talks({ tls: { ...trust(), ...alice } })).toEqual(verified);
    await expect(dial({ tls: trust() })).rejects.toThrow();
  });

  check("speaks WebSocket over TLS", async () => {
    await start(program, `websocket { host: 127.0.0.1, port: -1, tls ${tls()} }`);
    const url = ports.websocket?.[0] ?? "";
    expect(url).toMatch(/^wss:\/\/127\.0\.0\.1:\d+$/);
    const { status, text } = await upgrade(url.replace("wss:", "https:"));
    expect(status).toBe(101);
    // The first frame: binary, its length in two bytes, then INFO.
    const told = { tls_required: true, tls_verify: undefined, tls_available: true };
    expect(infoTls(text.subarray(4).toString("latin1"))).toEqual(told);
  });
});

// Files are read when the server starts, so that a configuration is of no machine.
describe.skipIf(natsServerPath === null)("a configuration that nats-server refuses too", () => {
  test.each([
    "tls { cert_file: 1 }",
    "tls { cert_file: x }",
    "tls { key_file: x }",
    "tls { verify: 1 }",
    "tls { verify_and_map: x }",
    "tls { timeout: true }",
    'tls { timeout: "2 parsecs" }',
    "tls { handshake_first: 3 }",
    "tls { immediate: soon }",
    "tls { nope: 1 }",
  ])("%s", (conf) => {
    const wanted = checkWithNatsServer(conf);
    expect(wanted).not.toBe("");
    expect(() => serverConfigFromText(conf, { file: "my.conf" })).toThrow(wanted);
  });
});

function files({ certFile, keyFile }: Pair): ConnectionOptions {
  return { cert: readFileSync(certFile), key: readFileSync(keyFile) };
}

/** As certificates write it. */
function utcTime(ms: number): string {
  return `${new Date(ms).toISOString().replace(/\D/g, "").slice(2, 14)}Z`;
}

/** The alert that ends a connection, as OpenSSL calls it; "none" when INFO comes. */
function alertFor(
  options: ConnectionOptions,
  keep: (session: Buffer | undefined) => void = () => {},
): Promise<string> {
  const port = Number(/:(\d+)$/.exec(ports.nats?.[0] ?? "")?.[1] ?? 0);
  const ca = readFileSync(authority.caFile);
  return new Promise((done) => {
    const socket = dialTls({ port, host: "127.0.0.1", ca, ...options });
    socket.once("data", () => {
      keep(socket.getSession());
      done("none");
      socket.destroy();
    });
    socket.on("error", ({ message }) => done(/ alert ([a-z ]+):/.exec(message)?.[1] ?? message));
    socket.on("close", () => done("no word"));
  });
}

/** The status and the first frame that an upgraded connection brings. */
function upgrade(url: string): Promise<{ status: number; text: Buffer }> {
  return new Promise((done, fail) => {
    const headers = {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    };
    const ask = request(url, { ca: readFileSync(authority.caFile), headers });
    ask.on("error", fail);
    ask.on("upgrade", (response, socket, head) => {
      let text = head;
      const look = (): void => {
        if (!text.includes("\r\n")) return;
        socket.destroy();
        done({ status: response.statusCode ?? 0, text });
      };
      socket.on("data", (chunk: Buffer) => {
        text = Buffer.concat([text, chunk]);
        look();
      });
      look();
    });
    ask.end();
  });
}
