/** Passwords and tokens that a configuration holds as bcrypt hashes. */
import { isBcrypt, type ServerConfig, type ServerIo, secretsIn } from "../../server/index.ts";

export type Bcrypt = NonNullable<ServerIo["bcrypt"]>;

/** The library is loaded only for who needs it; null for who does not. */
export async function openBcrypt(config: ServerConfig): Promise<Bcrypt | null> {
  if (!secretsIn(config).some(isBcrypt)) return null;
  const { compareSync } = await import("bcryptjs");
  return (hash, password) => {
    try {
      // Go's library takes any minor version for the present one.
      return compareSync(password, hash.replace(/^\$2[axy]\$/, "$2b$"));
    } catch {
      // A hash that is cut short fits nothing.
      return false;
    }
  };
}

/** Whether to warn. Source: nats-server `checkAuthforWarnings`; tokens are not looked at. */
export function hasPlainPasswords(config: ServerConfig): boolean {
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
