/// <reference types="vite/types/importMeta.d.ts" />
/** The scenarios that come with the project, on shelves: the courses of the curriculum. */
import { assert } from "../kernel/index.ts";
import { parseScenario, type Scenario } from "../link/index.ts";

export interface LibraryScenario {
  /** Its file's name, which `?scenario=` takes. */
  readonly id: string;
  readonly text: string;
  /** The course it belongs to, counted from 1 as in the numbers of lessons. */
  readonly course: number;
}

const texts = import.meta.glob<string>("./library/*.wt", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Ids by course, each in the order in which the lessons of the course come to them. */
const shelves: readonly (readonly string[])[] = [
  [
    "core-is-now",
    "wildcards",
    "no-responders-vs-timeout",
    "queue-group-rebalance",
    "payload-too-big",
    "slow-consumer-cut",
    "canary-mapping",
  ],
  [
    "core-publish-into-the-void",
    "cli-overlap",
    "lost-puback-retry",
    "dedup-window-expiry",
    "three-retentions",
    "interest-without-consumers",
    "interest-held-by-the-dead",
    "workqueue-one-consumer",
    "discard-old-unread",
    "max-age-unacked",
    "sequences-never-return",
    "memory-stream-restart",
    "stream-answers-request",
  ],
  [
    "ack-floor-hole",
    "where-do-i-start",
    "cannot-move-the-needle",
    "filter-that-matches-nothing",
    "restart-keeps-consumer",
    "lost-ack",
    "double-ack",
    "crash-between-effect-and-ack",
    "ackwait-too-short",
    "progress-keeps-lease",
    "nak-ignores-backoff",
    "nak-delay-meets-backoff",
    "term-now",
    "max-ack-pending-stall",
    "poison-to-dlq",
    "raise-max-deliver",
    "prefetch-hoarding",
    "redelivery-reorders",
    "ordered-consumer-gap",
    "push-without-ears",
    "ephemeral-vanishes",
    "pull-errors-that-are-fine",
    "pause-resume",
  ],
  ["discard-new-backpressure", "partitioned-order", "pinned-client-failover"],
  [
    "kv-history-rollover",
    "kv-cas-race",
    "kv-ttl-silent",
    "object-chunk-loss",
    "scheduled-message",
    "atomic-batch",
    "message-ttl",
    "rollup-snapshot",
  ],
  [
    "r1-node-down",
    "follower-isolated",
    "planned-maintenance",
    "r3-leader-kill",
    "frozen-leader",
    "r2-is-worse",
    "consumer-leader-loss",
    "meta-leader-loss",
    "leader-in-minority",
    "clients-reconnect-storm",
    "source-fan-in",
  ],
  [
    "quorum-loss",
    "process-crash-is-not-power-loss",
    "power-loss-unsynced",
    "power-loss-sync-always",
    "one-power-loss-with-lag",
    "account-limits",
    "wrong-inbox",
    "ack-not-permitted",
    "system-account",
  ],
];

/** In the order of the courses. */
export const library: readonly LibraryScenario[] = /* @__PURE__ */ shelves.flatMap((ids, index) =>
  ids.map((id) => ({ id, text: textOf(id), course: index + 1 })),
);

/** A scenario of the library, or null. */
export function libraryScenario(id: string): Scenario | null {
  const found = library.find((one) => one.id === id);
  return found === undefined ? null : parseScenario(found.text);
}

function textOf(id: string): string {
  const text = texts[`./library/${id}.wt`];
  assert(text !== undefined, `no scenario ${id} in the library`);
  return text;
}
