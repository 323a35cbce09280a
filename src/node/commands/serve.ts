/** `windtunnel serve`: a server that real NATS clients connect to. */
import { readFileSync } from "node:fs";
import {
  configObstacle,
  ReloadError,
  type ServerConfig,
  serverVersion,
} from "../../server/index.ts";
import type { Subcommand } from "../main.ts";
import { readConfig } from "../serve/config-file.ts";
import { FlagError, parseFlags, type ServeFlags } from "../serve/flags.ts";
import { type Headless, startHeadless } from "../serve/headless.ts";
import { type Log, openLog } from "../serve/log.ts";
import { programName } from "../serve/ports-file.ts";
import { StartError } from "../serve/start-error.ts";

/** Runs until a signal ends it. Exits as nats-server does: 0, or 1 when it cannot start. */
export const serve: Subcommand = async (args) => {
  try {
    const flags = parseFlags(args);
    if (flags.help) return say(usage);
    if (flags.version) return say(`${programName}: v${serverVersion}\n`);
    if (flags.signal !== "") return sendSignal(flags.signal);
    return await run(flags);
  } catch (error) {
    if (!(error instanceof Error) || error.name === "AssertionError") throw error;
    process.stderr.write(`${programName}: ${error.message}\n`);
    if (error instanceof FlagError) process.stderr.write(usage);
    return 1;
  }
};

/** What only real sockets have. */
const served: ReadonlySet<string> = new Set(["tls", "allow_non_tls", "websocket.tls"]);

/** What a signal can ask of a plain server or of a hosted world. */
interface Signalled {
  lameDuck(): void;
  stop(): Promise<void>;
}

async function run(flags: ServeFlags): Promise<number> {
  const { config, ignored, warnings } = readConfig(flags);
  const { logFile, logtime, logtimeUtc, debug, trace, configDigest } = config.process;
  if (flags.checkOnly) {
    // Source: nats-server `ConfigureOptions`.
    if (warnings.length > 0) throw new Error(`${warnings.join("\n")}\n`);
    process.stderr.write(
      `${programName}: configuration file ${flags.configFile} is valid (${configDigest})\n`,
    );
    return 0;
  }
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  const obstacle = configObstacle(config);
  if (obstacle !== null) throw new Error(obstacle);
  const log = openLog({ file: logFile, time: logtime, utc: logtimeUtc, debug, trace });
  const isHosted = flags.world !== "" || flags.control !== "";
  for (const name of ignored) {
    if (!isHosted && served.has(name)) continue;
    log.write("warn", `Configuration of ${name} has no effect here`);
  }
  if (!isHosted && (config.cluster?.routes ?? []).length > 0) {
    log.write("warn", "Configuration of cluster.routes has no effect here");
  }
  if (isHosted) {
    if (flags.configFile !== "") {
      log.write("info", `Using configuration file: ${flags.configFile} (${configDigest})`);
    }
    const { startHosted } = await import("../serve/hosted.ts");
    const hosted = await startHosted(flags, config, log);
    handleSignals(hosted, log, () => log.write("warn", "A hosted world has nothing to reload"));
    await hosted.ended;
    return 0;
  }
  const headless = await startOrTell(config, log, flags.configFile);
  if (headless === null) return 1;
  if (flags.configFile !== "") headless.follow(() => configNow(flags));
  handleSignals(headless, log, () => reload(headless, log, flags));
  await headless.ended;
  return 0;
}

/** Null when it does not start, which its log says then. */
async function startOrTell(
  config: ServerConfig,
  log: Log,
  configFile: string,
): Promise<Headless | null> {
  try {
    return await startHeadless(config, log, configFile);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    log.write("fatal", error.message);
    return null;
  }
}

/** Source: nats-server `handleSignals`. */
function handleSignals(serving: Signalled, log: Log, onHangup: () => void): void {
  const end = (name: string): void => {
    log.write("info", `Trapped "${name}" signal`);
    void serving.stop();
  };
  process.on("SIGTERM", () => end("terminated"));
  process.on("SIGINT", () => end("interrupt"));
  // As Go's runtime does, but for the dump of what runs.
  process.on("SIGQUIT", () => process.exit(2));
  process.on("SIGUSR1", () => log.reopen());
  process.on("SIGUSR2", () => serving.lameDuck());
  process.on("SIGHUP", () => {
    log.write("info", 'Trapped "hangup" signal');
    onHangup();
  });
}

/** A file that cannot be read or applied leaves the server as it is. Source: `Server.Reload`. */
function reload(headless: Headless, log: Log, flags: ServeFlags): void {
  try {
    headless.reload(configNow(flags));
  } catch (error) {
    if (!(error instanceof Error) || error.name === "AssertionError") throw error;
    log.write("error", `Failed to reload server configuration: ${error.message}`);
  }
}

function configNow(flags: ServeFlags): ServerConfig {
  const { config } = readConfig(flags);
  const obstacle = configObstacle(config);
  if (obstacle !== null) throw new ReloadError(obstacle);
  return config;
}

const signalNames: Readonly<Record<string, NodeJS.Signals>> = {
  ldm: "SIGUSR2",
  quit: "SIGINT",
  stop: "SIGKILL",
  term: "SIGTERM",
  reopen: "SIGUSR1",
  reload: "SIGHUP",
};

/** `--signal ldm=<pid or pid file>`. */
function sendSignal(text: string): number {
  const [command = "", target = ""] = text.split("=", 2);
  const signal = Object.hasOwn(signalNames, command) ? signalNames[command] : undefined;
  if (signal === undefined) throw new FlagError(`unknown signal "${command}"`);
  if (target === "") throw new FlagError("a process id or the path of a pid file is needed");
  const pid = /^\d+$/.test(target) ? target : readFileSync(target, "utf8").trim();
  process.kill(Number(pid), signal);
  return 0;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

const usage = `
Usage: windtunnel serve [options]

Server:
    -a, --addr, --net HOST       address to listen on (default 0.0.0.0)
    -p, --port PORT              port for clients (default 4222, -1 for any)
    -n, --name, --server_name N  name of the server
    -c, --config FILE            configuration file
    -t                           check the configuration and exit
    -m, --http_port PORT         port for monitoring
    -P, --pid FILE               file to store the process id in
        --ports_file_dir DIR     folder for the ports file
    -sl,--signal NAME=PID        ldm, stop, quit, term, reopen, reload
World:
        --world FILE             host a scenario: its servers listen on PORT, PORT+1, ...
        --control [HOST:]PORT    inputs, state and trace over HTTP, on the loopback only
JetStream:
    -js, --jetstream             turn JetStream on
    -sd, --store_dir DIR         store directory
Logging:
    -l, --log FILE               log file (default: standard error)
    -T, --logtime                timestamps (default true)
        --logtime_utc            timestamps in UTC
    -D, --debug                  debugging output
    -V, --trace                  trace of the protocol
    -DV                          both
Authorization:
        --user USER --pass PASSWORD, or --auth TOKEN
TLS:
        --tls                    turn TLS on
        --tlscert FILE           certificate of the server
        --tlskey FILE            its private key
        --tlsverify              turn TLS on and verify certificates of clients
        --tlscacert FILE         authority that signs those
Common:
    -h, --help                   this text
    -v, --version                version
`;
