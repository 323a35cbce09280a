/**
 * Where only the system account has users, everybody else is still let in, to the global account.
 * Source: nats-server `configureAccounts`, `sysAccOnlyNoAuthUser`.
 */
import { randomBase62 } from "../../protocol/index.ts";
import type { ServerConfig } from "../config/server-config.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { systemAccountName } from "./accounts.ts";

const drawnLength = 8;

/**
 * The configuration with a user of the global account for who names nobody, when the system
 * account is the only one that was configured. The user stays the same for as long as the server
 * runs, so that a reload disconnects nobody.
 */
export function withGlobalUser(
  server: ServerState,
  io: ServerIo,
  config: ServerConfig,
): ServerConfig {
  if (!isSystemAlone(config)) return config;
  server.globalUser ??= `nats-${randomBase62(drawnLength, () => io.draw("global-user"))}`;
  const username = server.globalUser;
  const password = username.slice(-drawnLength + 1);
  const user = { username, password, nkey: "", permissions: null };
  const authorization = { ...config.authorization, users: [user] };
  return Object.freeze({ ...config, noAuthUser: username, authorization });
}

function isSystemAlone(config: ServerConfig): boolean {
  const { accounts, noAuthUser } = config;
  const { username, token, users } = config.authorization;
  const isBlockGiven = username !== "" || token !== "" || users.length > 0;
  const [only] = accounts;
  if (noAuthUser !== "" || isBlockGiven || only === undefined || accounts.length > 1) return false;
  return only.name === systemAccountName(config) && only.users.length > 0;
}
