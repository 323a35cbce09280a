/** Passwords and tokens that a configuration holds as bcrypt hashes. */
import { compareSync } from "bcryptjs";

/** Whether a password is the one behind a bcrypt hash. A hash that is cut short fits nothing. */
export function fitsHash(hash: string, password: string): boolean {
  try {
    // Go's library takes any minor version for the present one.
    return compareSync(password, hash.replace(/^\$2[axy]\$/, "$2b$"));
  } catch {
    return false;
  }
}
