// A real nats-server in the set-ups ("profiles") of the transcripts.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** Where nats-server is: on the PATH or where `go install` puts it; null when it is nowhere. */
export function findNatsServer(): string | null {
  try {
    return execFileSync("which", ["nats-server"], { encoding: "utf8" }).trim();
  } catch {
    const installed = join(homedir(), "go", "bin", "nats-server");
    return existsSync(installed) ? installed : null;
  }
}

export interface RealServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

const accounts = (limits: string, users: string) => `
accounts {
  SYS { users: [{user: sys, password: sys}] }
  APP {
    jetstream: ${limits}
    users: [${users}]
    mappings: { "map.*.in": "mapped.{{wildcard(1)}}" }
  }
}
system_account: SYS
no_auth_user: app
`;

const app = "{user: app, password: app}";
const readOnly = `{user: ro, password: ro, permissions: {
  publish: ["pub.ok", "$JS.API.STREAM.INFO.>", "$JS.API.INFO"], subscribe: ["sub.ok", "_INBOX.>"]
}}`;
const limits = `{
  max_mem: 1MB, max_file: 8MB, max_streams: 2, max_consumers: 2, max_bytes_required: true
}`;

/** Source: transcripts/README.md, Profiles. */
const profiles: Readonly<Record<string, string>> = {
  plain: "",
  nojs: "",
  accounts: accounts("enabled", app),
  limits: `max_payload: 4096\n${accounts(limits, `${app}, ${readOnly}`)}`,
};

/** A fresh, empty server of this profile on a port of loopback. */
export async function startServer(
  binary: string,
  profile: string,
  port: number,
): Promise<RealServer> {
  const url = `nats://127.0.0.1:${port}`;
  const extra = profiles[profile];
  if (extra === undefined) return { url, port, stop: async () => undefined };
  const folder = mkdtempSync(join(tmpdir(), "windtunnel-nats-"));
  const store = `jetstream { store_dir: "${folder}", max_mem: 256MB, max_file: 1GB }`;
  const config = join(folder, "server.conf");
  const common = `server_name: n1\nlisten: "127.0.0.1:${port}"\n`;
  writeFileSync(config, `${common}${profile === "nojs" ? "" : store}\n${extra}`);
  const child = spawn(binary, ["-c", config], { stdio: "ignore" });
  await untilListening(port, child);
  return {
    url,
    port,
    stop: async () => {
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    child.once("exit", () => done());
    child.kill("SIGKILL");
  });
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`nats-server ended with ${child.exitCode}`);
    if (await answers(port)) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`nats-server does not answer on ${port}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("data", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  });
}
