/** The short names that nats-server makes of longer ones. */
import { sha256 } from "./sha256.ts";
import { encodeText } from "./text.ts";

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const hashLength = 8;

/** Eight letters and digits of a SHA-256. Source: nats-server `server/events.go` `getHash`. */
export function shortHash(name: string): string {
  const digest = sha256(encodeText(name));
  let text = "";
  for (let i = 0; i < hashLength; i++) text += digits[(digest[i] ?? 0) % digits.length];
  return text;
}
