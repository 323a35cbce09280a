/** Reading the configuration of a headless server: its file, then its flags. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compareStrings } from "../../kernel/index.ts";
import {
  type ConfOptions,
  encodeJson,
  type JsonLike,
  parseConf,
  plainConf,
} from "../../protocol/index.ts";
import {
  defaultServerConfig,
  type ReadConfig,
  type ServerConfig,
  serverConfigFromText,
} from "../../server/index.ts";
import type { ServeFlags } from "./flags.ts";

/** Throws `ConfigProblems`, `ConfError`, or the file system's error. */
export function readConfig(flags: ServeFlags): ReadConfig {
  const { configFile, storeDir, apply } = flags;
  // A file that names a store directory is refused where the command line does.
  const before: ServerConfig = { ...defaultServerConfig(""), storeDir };
  const read: ReadConfig =
    configFile === ""
      ? { config: before, ignored: [], warnings: [] }
      : readFile(configFile, before);
  const config = apply.reduce<ServerConfig>((made, change) => change(made), read.config);
  return { ...read, config: Object.freeze(config) };
}

function readFile(file: string, before: ServerConfig): ReadConfig {
  const text = readFileSync(file, "utf8");
  const options: ConfOptions = {
    file,
    env: new Map(
      Object.entries(process.env).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, value] as const],
      ),
    ),
    readInclude: (path) => readIncluded(join(dirname(file), path)),
  };
  const read = serverConfigFromText(text, options, before);
  const { config } = read;
  const configDigest = digestOf(plainConf(parseConf(text, options)) as JsonLike);
  return { ...read, config: { ...config, process: { ...config.process, configDigest } } };
}

/** Go has other words for a file that is not there. */
function readIncluded(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw isMissing ? new Error(`open ${path}: no such file or directory`) : error;
  }
}

/** As nats-server makes it: of the file's meaning as JSON, keys sorted. Source: `configDigest`. */
function digestOf(conf: JsonLike): string {
  const json = `${encodeJson(sorted(conf))}\n`;
  return `sha256:${createHash("sha256").update(json).digest("hex")}`;
}

function sorted(value: JsonLike): JsonLike {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as Record<string, JsonLike>);
  entries.sort(([a], [b]) => compareStrings(a, b));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}
