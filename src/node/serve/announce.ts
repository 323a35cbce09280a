/** What a server says when it starts, in nats-server's words and order. */
import { createHash } from "node:crypto";
import {
  isBcrypt,
  type ServerConfig,
  type ServerState,
  serverVersion,
} from "../../server/index.ts";
import type { Log } from "./log.ts";

export interface Announced {
  readonly config: ServerConfig;
  readonly server: ServerState;
  /** "" without one. */
  readonly configFile: string;
  readonly startMs: number;
}

export function announce({ config, server, configFile, startMs }: Announced, log: Log): void {
  const info = (text: string): void => log.write("info", text);
  const { monitoring, websocket, jetstream, cluster } = config;
  info("Starting nats-server");
  info(`  Version:  ${serverVersion}`);
  info("  Git:      [not set]");
  if (cluster !== null && cluster.name !== "") info(`  Cluster:  ${cluster.name}`);
  info(`  Name:     ${server.name}`);
  if (jetstream !== null) info(`  Node:     ${nodeName(server.name)}`);
  info(`  ID:       ${server.id}`);
  if (hasPlainPasswords(config)) {
    log.write("warn", "Plaintext passwords detected, use nkeys or bcrypt");
  }
  if (configFile !== "") {
    info(`Using configuration file: ${configFile} (${config.process.configDigest})`);
  }
  if (monitoring !== null) {
    const host = monitoring.host === "" ? config.host : monitoring.host;
    info(`Starting http monitor on ${host}:${monitoring.port}`);
  }
  announceJetStream(server, startMs, info);
  if (websocket !== null) {
    const scheme = websocket.tls === undefined ? "ws" : "wss";
    info(`Listening for websocket clients on ${scheme}://${websocket.host}:${websocket.port}`);
  }
  info(`Listening for client connections on ${config.host}:${config.port}`);
  announceTls(config, log);
  info("Server is ready");
}

function announceJetStream(
  { jetstream, config }: ServerState,
  startMs: number,
  info: (text: string) => void,
): void {
  if (jetstream === null || config.jetstream === null) return;
  const { strict, storeDir } = config.jetstream;
  const place = storeDir === "" ? "in memory, gone with this process" : `"${storeDir}/jetstream"`;
  info("Starting JetStream");
  info("---------------- JETSTREAM ----------------");
  info(`  Strict:          ${strict}`);
  info(`  Max Memory:      ${friendlyBytes(jetstream.memoryMax)}`);
  info(`  Max Storage:     ${friendlyBytes(jetstream.storageMax)}`);
  info(`  Store Directory: ${place}`);
  info("-------------------------------------------");
  info(`Took ${startMs.toFixed(3)}ms to start JetStream`);
}

function announceTls({ tls, allowNonTls }: ServerConfig, log: Log): void {
  if (tls === undefined) return;
  const isFirst = tls.handshakeFirst && tls.fallbackDelay === 0;
  const how = allowNonTls === true && !isFirst ? "available" : "required";
  log.write("info", `TLS ${how} for client connections`);
  const others = 'Clients that are not using "TLS Handshake First" option will fail to connect';
  if (isFirst) log.write("warn", others);
}

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Source: nats-server `getHashSize`. */
function nodeName(name: string): string {
  const hash = createHash("sha256").update(name).digest().subarray(0, 8);
  return [...hash].map((byte) => digits[byte % digits.length]).join("");
}

/** Source: nats-server `friendlyBytes`. */
function friendlyBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["K", "M", "G", "T", "P", "E"];
  let size = bytes / 1024;
  let unit = 0;
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  return `${size.toFixed(2)} ${units[unit]}B`;
}

/** Whether to warn. Source: nats-server `checkAuthforWarnings`; tokens are not looked at. */
function hasPlainPasswords(config: ServerConfig): boolean {
  const { authorization, accounts, tls } = config;
  const { password } = authorization;
  if (password !== "" && !isBcrypt(password)) return true;
  return [authorization, ...accounts]
    .flatMap(({ users }) => users)
    .some((user) => {
      const isMapped = tls?.mapUsers === true && user.password === "";
      return user.nkey === "" && !isMapped && !isBcrypt(user.password);
    });
}
