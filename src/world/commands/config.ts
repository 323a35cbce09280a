/** `world config`, `world reload`: a server's configuration file, shown and read again. */
import { ReloadError, reloadServer } from "../../server/index.ts";
import type { Host } from "../host.ts";
import { serverIo } from "../machine.ts";
import { killHost, setConfig, startHost } from "../power.ts";
import { openServerFile, readServerFile } from "../server-file.ts";
import { type Call, hasFlag, type WorldCommandSpec } from "./grammar.ts";
import { selectServers } from "./selectors.ts";
import { UsageError } from "./usage-error.ts";

export const configCommands: readonly WorldCommandSpec[] = [
  {
    path: "world config",
    args: "SERVER",
    argsMin: 1,
    argsMax: 1,
    flags: [],
    help: "Shows a server's configuration file, /etc/nats/SERVER.conf on the desk: edit it there.",
    example: "world config n1",
    run: (call) => openServerFile(call.world, theServer(call)),
  },
  {
    path: "world reload",
    args: "SERVER",
    argsMin: 1,
    argsMax: 1,
    flags: [
      { name: "check", value: null, help: "Only says what is wrong with the file" },
      {
        name: "restart",
        value: null,
        help: "Ends the server first, so that everything can change",
      },
    ],
    help: "A server reads its file again, as after SIGHUP: nats-server --signal reload=SERVER.",
    example: "world reload n1",
    run: runReload,
  },
];

function theServer(call: Call): Host {
  const [host, ...others] = selectServers(call.world, call.args);
  if (host === undefined || others.length > 0) throw new UsageError("name one server");
  return host;
}

function runReload(call: Call): string {
  const { world, doors } = call;
  const host = theServer(call);
  openServerFile(world, host);
  const config = readServerFile(world, host);
  if (hasFlag(call, "check")) return `configuration file ${host.file} is valid\n`;
  if (hasFlag(call, "restart")) {
    if (host.up) killHost(world, doors, host);
    setConfig(host, config);
    startHost(world, doors, host);
    return "";
  }
  if (host.server === null || host.frozen) throw new UsageError(`${host.name} does not run`);
  let said = "";
  const log = (level: string, text: string): void => {
    said += `${level === "error" ? "[ERR]" : "[INF]"} ${text}\n`;
  };
  try {
    reloadServer(host.server, { ...serverIo(world, doors, host), log }, config);
  } catch (error) {
    if (error instanceof ReloadError) throw new UsageError(error.message);
    throw error;
  }
  setConfig(host, host.server.config);
  return said.replace(/ \(\)$/m, "");
}
