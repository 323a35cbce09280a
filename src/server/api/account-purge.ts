/** `ACCOUNT.PURGE`: the system account removes all streams of an account. */
import { ApiError } from "../../jetstream/index.ts";
import { sortedKeys } from "../../kernel/index.ts";
import { deleteStream } from "../assets/stream-asset.ts";
import { systemAccountOf } from "../connections/info.ts";
import type { ApiCall, ApiFields, ApiRoute } from "./route-shape.ts";

/** Other accounts, and servers of a cluster, leave it unanswered. */
export const accountPurgeRoute: ApiRoute = {
  subject: "$JS.API.ACCOUNT.PURGE.*",
  type: "account_purge",
  leader: "any",
  isOpen: true,
  handle: accountPurge,
  clustered: () => null,
};

/** An account that is not there has no streams. Source: nats-server `jsLeaderAccountPurgeRequest`. */
function accountPurge({ server, io, js, account, tokens }: ApiCall): ApiFields | null {
  if (account.name !== systemAccountOf(server)) return null;
  const name = tokens.at(-1) ?? "";
  if (/[\\/]/.test(name)) {
    const err = "account name can not contain path separators";
    throw new ApiError("JSStreamGeneralErrorF", { err });
  }
  const streams = js.accounts.get(name)?.streams ?? new Map();
  const found = `(streams: ${streams.size}, hasAccount: ${server.accounts.has(name)})`;
  io.log("info", `Purge request for account ${name} ${found}`);
  for (const stream of sortedKeys(streams)) deleteStream(server, io, streams.get(stream));
  return { initiated: true };
}
