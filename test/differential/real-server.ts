/** The real nats-server, where there is one: on the PATH, or where Go puts its programs. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort } from "./ports.ts";

/** Its path, or null: then differential tests are skipped, and say so. */
export const natsServerPath: string | null = findNatsServer();

export interface RealServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts it with `conf`, to which a free port is added. */
export async function startNatsServer(conf: string): Promise<RealServer> {
  if (natsServerPath === null) throw new Error("there is no nats-server");
  const folder = mkdtempSync(join(tmpdir(), "windtunnel-differential-"));
  const port = await freePort();
  const file = join(folder, "server.conf");
  writeFileSync(file, `listen: 127.0.0.1:${port}\n${conf.replaceAll("$FOLDER", folder)}\n`);
  const child = spawn(natsServerPath, ["-c", file], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.on("data", (chunk) => {
    log += String(chunk);
  });
  try {
    await untilListening(port, child, () => log);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return {
    port,
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What `nats-server -t` prints about a configuration, without its own name in front. */
export function checkWithNatsServer(conf: string): string {
  if (natsServerPath === null) throw new Error("there is no nats-server");
  const folder = mkdtempSync(join(tmpdir(), "windtunnel-differential-"));
  writeFileSync(join(folder, "my.conf"), conf);
  const options = { cwd: folder, encoding: "utf8" } as const;
  const { stdout, stderr } = spawnSync(natsServerPath, ["-t", "-c", "my.conf"], options);
  rmSync(folder, { recursive: true, force: true });
  return `${stdout}${stderr}`.replace(/^nats-server: /, "").trim();
}

async function untilListening(port: number, child: ChildProcess, log: () => string): Promise<void> {
  const until = Date.now() + 10_000;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`nats-server ended: ${log()}`);
    if (await canConnect(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`nats-server does not listen: ${log()}`);
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function findNatsServer(): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), join(homedir(), "go", "bin")];
  const found = folders
    .map((folder) => join(folder, "nats-server"))
    .find((path) => existsSync(path));
  return found ?? null;
}
