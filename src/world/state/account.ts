/** How streams of different accounts are told apart in names: `ORDERS`, or `ACC/ORDERS`. */
import type { ServerConfig } from "../../server/index.ts";
import type { Host } from "../host.ts";

/** The account that clients without credentials act in. */
export function mainAccount(config: ServerConfig | null): string {
  const user = config?.noAuthUser ?? "";
  if (config === null || user === "") return "$G";
  const account = config.accounts.find((one) => one.users.some((it) => it.username === user));
  return account?.name ?? "$G";
}

/** A stream's name, with its account in front when that is not the main one. */
export function qualifiedName(host: Host, account: string, stream: string): string {
  return account === mainAccount(host.config) ? stream : `${account}/${stream}`;
}
