/** Which servers a program connects to: what it was told, `NATS_URL`, or its own host. */
import type { ConnectionOptions } from "@nats-io/nats-core/internal";

const defaultServer = "nats://127.0.0.1:4222";

/** Options with servers filled in, and with credentials taken out of the first address. */
export function connectionOptions(
  options: ConnectionOptions,
  env: ReadonlyMap<string, string>,
): ConnectionOptions {
  const asked =
    options.servers ?? (options.port === undefined ? undefined : `127.0.0.1:${options.port}`);
  const given = asked ?? env.get("NATS_URL") ?? defaultServer;
  const addresses = (typeof given === "string" ? given.split(",") : given)
    .map((address) => address.trim())
    .filter((address) => address !== "");
  const { port: _port, ...others } = options;
  const servers = addresses.length === 0 ? [defaultServer] : addresses.map(withoutCredentials);
  return { ...credentialsOf(addresses[0] ?? ""), ...others, servers };
}

const withUser = /^([a-z]+:\/\/)?([^@/]*)@(.*)$/;

/** `nats://user:pass@host` gives a user and a password, `nats://token@host` a token. */
function credentialsOf(address: string): ConnectionOptions {
  const [, , credentials] = withUser.exec(address) ?? [];
  if (credentials === undefined) return {};
  const colon = credentials.indexOf(":");
  if (colon < 0) return { token: decodeURIComponent(credentials) };
  return {
    user: decodeURIComponent(credentials.slice(0, colon)),
    pass: decodeURIComponent(credentials.slice(colon + 1)),
  };
}

function withoutCredentials(address: string): string {
  const [, scheme = "", , rest] = withUser.exec(address) ?? [];
  return rest === undefined ? address : `${scheme}${rest}`;
}
