/** The same official client program against `windtunnel serve` and against nats-server. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { add, median, type Report } from "./report.ts";
import { benchMillion, type Program } from "./serve-memory.ts";

/** npm runs scripts in the project's root; the bench itself runs from a bundle. */
const root = process.cwd();
const runs = 5;
const windtunnel: Program = {
  name: "serve",
  command: join(root, "bin/windtunnel"),
  args: ["serve"],
};
const natsServer: Program = { name: "nats-server", command: "nats-server", args: [] };
/** What the design asks of each measurement, as a share of nats-server's rate. */
const goals: Readonly<Record<string, string>> = {
  core_publish: "0.8",
  core_publish_subscribe: "0.5",
  core_request_reply: "0.9",
  js_publish_sync: "1.0",
  js_publish_async: "0.8",
  js_consume_ack: "0.8",
  kv_put: "0.8",
  kv_get: "0.8",
};

type Rates = Readonly<Record<string, number>>;

/** Adds `serve.*` to the report: medians of five alternating runs, and their ratio. */
export async function benchServe(report: Report): Promise<void> {
  // Built now if it has to be, so that no measurement waits for it.
  execFileSync(windtunnel.command, ["serve", "--version"], { cwd: root });
  const real = spawnSync("nats-server", ["--version"]).status === 0;
  if (!real) console.log("nats-server is not on the PATH: nothing to compare with");
  const ours: Rates[] = [];
  const theirs: Rates[] = [];
  for (let i = 0; i < runs; i++) {
    ours.push(await measure(windtunnel));
    if (real) theirs.push(await measure(natsServer));
  }
  for (const [name, goal] of Object.entries(goals)) {
    const rate = median(ours.map((rates) => rates[name] ?? 0));
    add(report, { name: `serve.${name}`, value: rate, unit: "ops/s" });
    if (!real) continue;
    const reference = median(theirs.map((rates) => rates[name] ?? 0));
    add(report, { name: `nats-server.${name}`, value: reference, unit: "ops/s" });
    add(report, { name: `ratio.${name}`, value: rate / reference, unit: "of theirs", goal });
  }
  await benchMillion(report, windtunnel);
  if (real) await benchMillion(report, natsServer);
}

/** One fresh server, one run of the client program. */
async function measure({ command, args }: Program): Promise<Rates> {
  const folder = mkdtempSync(join(tmpdir(), "windtunnel-bench-"));
  const port = 21_000 + Math.floor(Math.random() * 8_000);
  const flags = ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", folder];
  const server = spawn(command, [...args, ...flags], { stdio: "ignore" });
  try {
    await listening(server, port);
    return await runClient(`nats://127.0.0.1:${port}`, join(folder, "rates.json"));
  } finally {
    server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runClient(url: string, file: string): Promise<Rates> {
  const script = ["tools/run.mjs", "tools/bench/client-program.ts", url];
  const quote = (text: string): string => `'${text}'`;
  const line = [process.execPath, ...script].map(quote).join(" ");
  const client = spawn("sh", ["-c", `exec ${line} > ${quote(file)}`], { cwd: root });
  const code = await new Promise<number | null>((done) => client.on("exit", done));
  if (code !== 0) throw new Error(`the client program failed with exit code ${code}`);
  return JSON.parse(readFileSync(file, "utf8")) as Rates;
}

async function listening(server: ChildProcess, port: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const answered = await new Promise<boolean>((done) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("connect", () => done(true)).on("error", () => done(false));
      socket.on("connect", () => socket.destroy());
    });
    if (answered) return;
    await sleep(50);
  }
  throw new Error(`nothing listened on port ${port} within 10 s`);
}
