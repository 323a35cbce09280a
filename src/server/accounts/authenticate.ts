/** Who a client is, by what it said in CONNECT. */
import { decodeBase64, decodePublicKey, encodeText, verifyEd25519 } from "../../protocol/index.ts";
import type { PermissionsConfig, UserConfig } from "../config/account-config.ts";
import type { ServerConfig } from "../config/server-config.ts";
import { confParts } from "../doors/conf-door.ts";
import type { ClientConn, ConnectOptions } from "../state.ts";
import { globalAccount, isAuthRequired } from "./accounts.ts";

export interface Identity {
  readonly account: string;
  readonly user: string;
  readonly permissions: PermissionsConfig | null;
}

/** Whether a stored password or token is a hash. Source: nats-server `isBcrypt`. */
export function isBcrypt(stored: string): boolean {
  return /^\$2[abxy]\$\d{2}\$/.test(stored);
}

/** A hash comes from a file, and whoever read the file has what compares it. */
function fits(stored: string, given: string): boolean {
  return isBcrypt(stored) ? confParts().fitsHash(stored, given) : stored === given;
}

/** Null when the credentials are not good. Source: `processClientOrLeafAuthentication`. */
export function authenticate(
  config: ServerConfig,
  { options, nonce, secured, transport }: Claimant,
  noAuthUser: string,
): Identity | null {
  const anyone = { account: globalAccount, user: options.user, permissions: null };
  if (!isAuthRequired(config)) return anyone;
  const { authorization } = config;
  if (hasUsers(config)) {
    // Where nobody has a key, one that is given says nothing; that of `no_auth_user` is not signed.
    if (options.nkey !== "" && hasKeys(config)) {
      const found = findUser(config, options.nkey);
      const isMeant = found !== null && found.user.nkey !== "" && mayComeBy(found, transport);
      const isProven = options.nkey === noAuthUser || isSigned(options, nonce);
      return isMeant && isProven ? found.identity : null;
    }
    if (config.tls?.mapUsers === true) return mappedUser(config, secured?.names ?? []);
    const isNameless = options.user === "" && options.pass === "" && options.token === "";
    if (isNameless && noAuthUser !== "") {
      const found = findUser(config, noAuthUser);
      return found !== null && mayComeBy(found, transport) ? found.identity : null;
    }
    const found = findUser(config, options.user);
    const isKnown = found !== null && found.user.nkey === "" && mayComeBy(found, transport);
    return isKnown && fits(found.user.password, options.pass) ? found.identity : null;
  }
  const { token, username, password } = authorization;
  if (token !== "") return fits(token, options.token) ? anyone : null;
  return username === options.user && fits(password, options.pass) ? anyone : null;
}

/** What is asked of a client. */
type Claimant = Pick<ClientConn, "options" | "nonce" | "secured" | "transport">;

const typeNames = { tcp: "STANDARD", ws: "WEBSOCKET", inproc: "IN_PROCESS" } as const;

/** Source: nats-server `connectionTypeAllowed`. */
function mayComeBy({ user }: Found, transport: ClientConn["transport"]): boolean {
  const { connectionTypes } = user;
  if (connectionTypes === undefined || connectionTypes.length === 0) return true;
  return connectionTypes.includes(typeNames[transport]);
}

/** The first user that the client's certificate names. Source: `checkClientTLSCertSubject`. */
function mappedUser(config: ServerConfig, names: readonly string[]): Identity | null {
  for (const name of names) {
    const found = findUser(config, name);
    if (found !== null) return found.identity;
  }
  return null;
}

/** The account of a user by name; null when there is none of that name. */
export function userAccount(config: ServerConfig, name: string): string | null {
  return findUser(config, name)?.identity.account ?? null;
}

function hasUsers(config: ServerConfig): boolean {
  const { users } = config.authorization;
  return users.length > 0 || config.accounts.some((account) => account.users.length > 0);
}

/** Whether clients are given a nonce to sign. Source: nats-server `nonceRequired`. */
export function hasKeys({ authorization, accounts }: ServerConfig): boolean {
  return [authorization, ...accounts].some(({ users }) => users.some(({ nkey }) => nkey !== ""));
}

/** Source: nats-server `processClientOrLeafAuthentication`; either alphabet of base 64 will do. */
function isSigned({ nkey, sig }: ConnectOptions, nonce: string): boolean {
  const key = decodePublicKey("user", nkey);
  const signature = decodeBase64(sig);
  if (key === null || signature === null || nonce === "") return false;
  return verifyEd25519(key, encodeText(nonce), signature);
}

interface Found {
  readonly user: UserConfig;
  readonly identity: Identity;
}

function findUser(config: ServerConfig, name: string): Found | null {
  const { users, defaultPermissions } = config.authorization;
  const own = users.find((user) => nameOf(user) === name);
  if (own !== undefined) {
    const permissions = own.permissions ?? defaultPermissions;
    return { user: own, identity: { account: globalAccount, user: name, permissions } };
  }
  for (const account of config.accounts) {
    const user = account.users.find((user) => nameOf(user) === name);
    if (user === undefined) continue;
    const permissions = user.permissions ?? account.defaultPermissions;
    return { user, identity: { account: account.name, user: name, permissions } };
  }
  return null;
}

function nameOf({ username, nkey }: UserConfig): string {
  return nkey === "" ? username : nkey;
}
