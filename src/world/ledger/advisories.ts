/** Counts what servers advise about, whether or not anybody listens on the advisory's subject. */
import type { TraceRecord } from "../../server/index.ts";
import type { Host } from "../host.ts";
import { qualifiedName } from "../state/account.ts";
import type { World } from "../world.ts";

/** How often a kind was told, and what was told last: the advisory's own fields, as JSON. */
export interface AdvisoryCount {
  readonly count: number;
  readonly last: string;
}

/** Kinds that several families have; each is counted by itself and together. */
const sharedKinds: ReadonlySet<string> = new Set([
  "CREATED",
  "DELETED",
  "LEADER_ELECTED",
  "QUORUM_LOST",
]);

const deletedPrefix = "$JS.EVENT.ADVISORY.STREAM.DELETED.";

/**
 * Counts a record of kind `advisory`: its subject names the kind, its detail holds the fields.
 * With a stream that is deleted go the promises of it.
 */
export function noteAdvisory(world: World, host: Host, record: TraceRecord): void {
  if (!world.options.ledger) return;
  const { account = "", subject, detail } = record;
  if (subject.startsWith(deletedPrefix)) {
    const stream = subject.slice(deletedPrefix.length);
    world.ledger.streams.delete(qualifiedName(host, account, stream));
  }
  for (const kind of kindsOf(subject)) {
    const count = (world.advisories.get(kind)?.count ?? 0) + 1;
    world.advisories.set(kind, { count, last: detail });
  }
}

/** `advisories` of the state object. */
export function advisoryView(world: World): Readonly<Record<string, unknown>> {
  const kinds = [...world.advisories].map(([kind, { count, last }]) => {
    return [kind, { count, last: JSON.parse(last) }];
  });
  return Object.fromEntries(kinds);
}

/**
 * The names under which an advisory is counted.
 *
 *     $JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.S.C   MAX_DELIVERIES
 *     $JS.EVENT.ADVISORY.STREAM.LEADER_ELECTED.S       LEADER_ELECTED, STREAM_LEADER_ELECTED
 *     $JS.EVENT.ADVISORY.API                           API
 *     $JS.EVENT.ADVISORY.API.LIMIT_REACHED             LIMIT_REACHED
 *
 * Source: nats-server `server/jetstream_api.go`, `JSAdvisory...` and `JSMetric...` prefixes.
 */
function kindsOf(subject: string): readonly string[] {
  const [, , topic, family = "", kind = family] = subject.split(".");
  if (topic !== "ADVISORY") return [];
  return sharedKinds.has(kind) ? [kind, `${family}_${kind}`] : [kind];
}
