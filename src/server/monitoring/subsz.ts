/** `/subsz`: the subject index. */
import { formatStoredTime } from "../../kernel/index.ts";
import { isSubsetOf, isValidLiteral, type JsonLike } from "../../protocol/index.ts";
import { accountNames } from "../accounts/accounts.ts";
import type { Subscription } from "../interest/subscription.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { subDetail } from "./connz.ts";
import { exactInteger, type Query, QueryError, queryBool, queryInteger } from "./monitor-query.ts";

/** Source: `DefaultSubListSize`. */
const limitDefault = 1024;

/** Source: nats-server `Subsz`. Cache counters are not kept: a restored world has no cache. */
export function subsz(server: ServerState, io: ServerIo, query: Query): Record<string, JsonLike> {
  const subs = queryBool(query, "subs");
  const offset = Math.max(queryInteger(query, "offset"), 0);
  const asked = queryInteger(query, "limit");
  const limit = asked <= 0 ? limitDefault : asked;
  const account = query.get("acc") ?? "";
  const test = query.get("test") ?? "";
  if (test !== "" && !isValidLiteral(test)) {
    throw new QueryError(`invalid test subject, must be valid publish subject: ${test}`);
  }
  let count = 0;
  let inserts = 0;
  const listed: JsonLike[] = [];
  for (const name of accountNames(server.accounts)) {
    const interest = server.accounts.get(name)?.interest;
    if (interest === undefined || (account !== "" && account !== name)) continue;
    count += interest.subs.size;
    inserts += interest.lastId;
    for (const sub of subs ? interest.subs.values() : []) {
      const isOther = sub.remote !== undefined || sub.shadow !== null;
      if (isOther || (test !== "" && !isSubsetOf(test, sub.subject))) continue;
      listed.push(subDetail(sub, cidOf(server, sub), { account: name }));
    }
  }
  const page = listed.slice(offset, offset + limit);
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
    total: listed.length,
    offset: exactInteger(query, "offset", offset),
    limit: exactInteger(query, "limit", limit),
    subscriptions_list: page.length === 0 ? undefined : page,
  };
}

/** The client of a subscription; 0 for one inside the server. */
function cidOf(server: ServerState, { conn }: Subscription): number {
  return conn === null ? 0 : (server.conns.get(conn)?.cid ?? 0);
}
