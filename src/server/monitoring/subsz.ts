/** `/subsz`: the subject index. */
import { formatStoredTime } from "../../kernel/index.ts";
import { isSubsetOf, type JsonLike } from "../../protocol/index.ts";
import { accountNames } from "../accounts/accounts.ts";
import type { Subscription } from "../interest/subscription.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { subDetail } from "./connz.ts";
import { type Query, queryBool, queryInteger } from "./monitor-query.ts";

/** Source: `DefaultSubListSize`. */
const limitDefault = 1024;

/** Source: nats-server `Subsz`. Cache counters are not kept: a restored world has no cache. */
export function subsz(server: ServerState, io: ServerIo, query: Query): Record<string, JsonLike> {
  const subs = queryBool(query, "subs");
  const offset = queryInteger(query, "offset");
  const limit = queryInteger(query, "limit") || limitDefault;
  const account = query.get("acc") ?? "";
  const test = query.get("test") ?? "";
  let count = 0;
  let inserts = 0;
  const listed: JsonLike[] = [];
  for (const name of accountNames(server.accounts)) {
    const interest = server.accounts.get(name)?.interest;
    if (interest === undefined || (account !== "" && account !== name)) continue;
    count += interest.subs.size;
    inserts += interest.lastId;
    for (const sub of interest.subs.values()) {
      const cid = cidOf(server, sub);
      if (cid === null || (test !== "" && !isSubsetOf(test, sub.subject))) continue;
      listed.push(subDetail(sub, cid, { account: name }));
    }
  }
  const page = subs ? listed.slice(offset, offset + limit) : [];
  return {
    server_id: server.id,
    now: formatStoredTime(io.wall),
    num_subscriptions: count,
    num_cache: 0,
    num_inserts: inserts,
    num_removes: inserts - count,
    num_matches: 0,
    cache_hit_rate: 0,
    max_fanout: 0,
    avg_fanout: 0,
    total: page.length,
    offset,
    limit,
    subscriptions_list: page.length === 0 ? undefined : page,
  };
}

/** The client of a subscription; null for one inside the server. */
function cidOf(server: ServerState, { conn }: Subscription): number | null {
  return conn === null ? null : (server.conns.get(conn)?.cid ?? null);
}
