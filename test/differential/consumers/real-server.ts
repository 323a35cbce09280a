// A real nats-server with a store of its own, killed and started again at will.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../ports.ts";
import type { RealServer } from "./peer.ts";

export async function startReal(binary: string): Promise<RealServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "windtunnel-consumers-"));
  const config = join(folder, "server.conf");
  const store = `jetstream { store_dir: "${folder}", max_mem: 64MB, max_file: 256MB }`;
  writeFileSync(config, `server_name: n1\nlisten: "127.0.0.1:${port}"\n${store}\n`);
  let child = await launch(binary, config, port);
  return {
    port,
    restart: async () => {
      await kill(child);
      child = await launch(binary, config, port);
    },
    stop: async () => {
      await kill(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launch(binary: string, config: string, port: number): Promise<ChildProcess> {
  const child = spawn(binary, ["-c", config], { stdio: "ignore" });
  for (let tries = 0; tries < 200; tries++) {
    if (await accepts(port)) return child;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error("nats-server does not listen");
}

function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  });
}

function kill(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    child.once("exit", () => done());
    child.kill("SIGKILL");
  });
}
