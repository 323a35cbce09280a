/**
 * A server's configuration as a file of the desk: made when it is first asked for, edited with the
 * tools of the shell, read again when the server reloads or starts.
 */
import { confParts, confPartsAreHere, type ServerConfig } from "../server/index.ts";
import { UsageError } from "./commands/usage-error.ts";
import { deskName, type Host } from "./host.ts";
import { makeFolder, readFile, writeFile } from "./processes/files.ts";
import type { World } from "./world.ts";

const folder = "/etc/nats";
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** True when this line opens a server's file and `provideConfParts` was not called yet. */
export function needsConfParts(line: string): boolean {
  return !confPartsAreHere() && /^\s*world\s+(config|reload)\b/.test(line);
}

/**
 * The text of a server's file. From the first time on the server reads it when it starts. A file
 * that lies there already, one of the scenario's, is taken as it is.
 */
export function openServerFile(world: World, host: Host): string {
  if (host.config === null) throw new UsageError(`${host.name} is no server`);
  const path = `${folder}/${host.name}.conf`;
  const known = textOf(world, path);
  if (known !== null) {
    host.file = path;
    return known;
  }
  const { files } = deskOf(world);
  const now = world.kernel.now;
  makeFolder(files, folder, now);
  const text = `${guide(host.name, path)}\n${confParts().configText(host.config)}`;
  const failed = writeFile(files, path, { bytes: encoder.encode(text), append: false, now });
  if (failed !== null) throw new UsageError(`${path}: ${failed}`);
  host.file = path;
  return text;
}

/** What the file says. Throws UsageError with all that is wrong with it. */
export function readServerFile(world: World, host: Host): ServerConfig {
  const path = host.file ?? "";
  const text = textOf(world, path);
  if (text === null) throw new UsageError(`open ${path}: no such file or directory`);
  const { configObstacle, serverConfigFromText } = confParts();
  const readInclude = (name: string): string => {
    const included = textOf(world, name.startsWith("/") ? name : `${folder}/${name}`);
    if (included === null) throw new UsageError(`open ${name}: no such file or directory`);
    return included;
  };
  try {
    const { config } = serverConfigFromText(text, { file: path, readInclude });
    const obstacle = configObstacle(config);
    if (obstacle !== null) throw new UsageError(obstacle);
    if (config.name !== host.name) throw new UsageError(`server_name has to stay ${host.name}`);
    return withPeers(config, host.config);
  } catch (error) {
    const isMistake = error instanceof Error && mistakes.has(error.name);
    throw isMistake ? new UsageError(error.message) : error;
  }
}

const mistakes: ReadonlySet<string> = new Set(["ConfError", "ConfigProblems"]);

/** Who belongs to a cluster is the world's to say, not the file's. */
function withPeers(config: ServerConfig, before: ServerConfig | null): ServerConfig {
  const { cluster } = config;
  const peers = before?.cluster?.peers ?? [];
  return cluster === null ? config : { ...config, cluster: { ...cluster, peers } };
}

function guide(name: string, path: string): string {
  return (
    `# ${path}: the configuration of ${name}. Edit it, then:\n` +
    `#   nats-server --signal reload=${name}    what a running server can change\n` +
    `#   nats-server -c ${path}    the rest: ${name} starts again\n`
  );
}

function textOf(world: World, path: string): string | null {
  const bytes = readFile(deskOf(world).files, path);
  return typeof bytes === "string" ? null : decoder.decode(bytes);
}

function deskOf(world: World): Host {
  const desk = world.hosts.get(deskName);
  if (desk === undefined) throw new UsageError("there is no desk to keep files at");
  return desk;
}
