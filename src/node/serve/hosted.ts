/** `serve --world FILE` and `--control PORT`: a world behind real listeners; its orderly end. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:net";
import { emptyScenario, parseScenario, type Scenario } from "../../link/index.ts";
import { provideAllParts } from "../../server/doors/all-parts.ts";
import { type ServerConfig, serverVersion } from "../../server/index.ts";
import { createControlListener } from "./control.ts";
import { FlagError, type ServeFlags } from "./flags.ts";
import { HostedWorld } from "./hosted-world.ts";
import { addressOf, closeListener, listen } from "./listeners.ts";
import type { Log } from "./log.ts";
import { type HostedPorts, listenerUrls, removePortsFile, writePortsFile } from "./ports-file.ts";

export interface Hosted {
  readonly ports: HostedPorts;
  /** Every server says goodbye to its clients. */
  lameDuck(): void;
  stop(): Promise<void>;
  /** Settled when it has been stopped; rejects with the bug that ended the world. */
  readonly ended: Promise<void>;
}

/** Throws ScenarioError or SetupError for a file that cannot be run, the system's for a port. */
export async function startHosted(
  flags: ServeFlags,
  config: ServerConfig,
  log: Log,
): Promise<Hosted> {
  provideAllParts();
  const scenario = readScenario(flags);
  const hosted = await HostedWorld.open({ scenario, config, tracing: flags.control !== "" });
  const control = flags.control === "" ? null : await openControl(hosted, flags.control);
  const ports = portsOf(hosted, control);
  announce(ports, flags, log);
  const { portsFileDir, pidFile } = config.process;
  const portsFile = portsFileDir === "" ? "" : writePortsFile(portsFileDir, ports);
  if (pidFile !== "") writeFileSync(pidFile, String(process.pid));
  const running = hosted.run();
  const stop = async (): Promise<void> => {
    if (portsFile !== "") removePortsFile(portsFile);
    if (control !== null) await closeListener(control);
    await hosted.stop();
  };
  let stopping: Promise<void> | null = null;
  return {
    ports,
    lameDuck() {
      hosted.session.input("fault lame-duck all", "signal").catch(() => undefined);
      hosted.wake();
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
    ended: running.then(() => stopping ?? undefined),
  };
}

function readScenario({ world }: ServeFlags): Scenario {
  return world === ""
    ? { ...emptyScenario, world: ["server"] }
    : parseScenario(readFileSync(world, "utf8"));
}

/** `PORT` on the loopback, or `HOST:PORT`. */
async function openControl(hosted: HostedWorld, given: string): Promise<Server> {
  const [, host = "127.0.0.1", port = ""] = /^(?:(.+):)?(-?\d+)$/.exec(given) ?? [];
  if (port === "") throw new FlagError(`--control wants PORT or HOST:PORT, not "${given}"`);
  const listener = createControlListener(hosted, host);
  await listen(listener, host, Number(port));
  return listener;
}

function portsOf(hosted: HostedWorld, control: Server | null): HostedPorts {
  const [first] = hosted.ports.values();
  return {
    nats: [],
    ...first,
    hosts: Object.fromEntries(hosted.ports),
    ...(control === null ? {} : { control: listenerUrls("http", addressOf(control)) }),
  };
}

function announce(ports: HostedPorts, { world }: ServeFlags, log: Log): void {
  log.write("info", `Starting nats-server ${serverVersion}, simulated`);
  if (world !== "") log.write("info", `World: ${world}; its clock follows the wall`);
  for (const [name, { nats, monitoring = [] }] of Object.entries(ports.hosts)) {
    log.write("info", `${name} listens on ${nats.join(" ")}, monitoring ${monitoring.join(" ")}`);
  }
  if (ports.control !== undefined) log.write("info", `Control on ${ports.control.join(" ")}`);
  log.write("info", "Server is ready");
}
