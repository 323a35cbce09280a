/** What consumers tell the world. Source: nats-server `server/jetstream_events.go`. */
import type { ConsumerAdvisory } from "../../../jetstream/index.ts";
import {
  formatStoredTime,
  parseStoredTime,
  unreachable,
  zeroStoredTime,
} from "../../../kernel/index.ts";
import type { JsonLike } from "../../../protocol/index.ts";
import type { ServerIo } from "../../io.ts";
import type { ServerState } from "../../state.ts";
import { publishAdvisory } from "../stream-advisories.ts";

const schemas = "io.nats.jetstream";

/** Whose advisory it is. */
export interface ConsumerName {
  readonly account: string;
  readonly stream: string;
  readonly consumer: string;
}

/** A consumer was made or is gone. */
export function adviseConsumerAction(
  server: ServerState,
  io: ServerIo,
  of: ConsumerName,
  action: "create" | "delete",
): void {
  const event = action === "create" ? "CREATED" : "DELETED";
  const { account, stream, consumer } = of;
  publishAdvisory(server, io, {
    account,
    subject: `$JS.EVENT.ADVISORY.CONSUMER.${event}.${stream}.${consumer}`,
    type: `${schemas}.advisory.v1.consumer_action`,
    fields: { stream, consumer, action },
  });
}

/** What the core of a consumer asked to be told. */
export function adviseConsumer(
  server: ServerState,
  io: ServerIo,
  of: ConsumerName,
  advisory: ConsumerAdvisory,
): void {
  const { account, stream, consumer } = of;
  const { event, type, fields } = wording(account, stream, consumer, advisory);
  publishAdvisory(server, io, {
    account,
    subject: `$JS.EVENT.${event}.${stream}.${consumer}`,
    type: `${schemas}.${type}`,
    fields,
  });
}

interface Described {
  readonly event: string;
  readonly type: string;
  readonly fields: { readonly [field: string]: JsonLike };
}

function wording(
  account: string,
  stream: string,
  consumer: string,
  advisory: ConsumerAdvisory,
): Described {
  const names = { stream, consumer };
  switch (advisory.kind) {
    case "max-deliveries": {
      const { kind: _, ...fields } = advisory;
      const type = "advisory.v1.max_deliver";
      return { event: "ADVISORY.CONSUMER.MAX_DELIVERIES", type, fields: { ...names, ...fields } };
    }
    case "nak": {
      const { kind: _, ...fields } = advisory;
      const type = "advisory.v1.nak";
      return { event: "ADVISORY.CONSUMER.MSG_NAKED", type, fields: { ...names, ...fields } };
    }
    case "terminated": {
      const { kind: _, reason, ...fields } = advisory;
      const shown = { ...names, ...fields, reason: reason === "" ? undefined : reason };
      const type = "advisory.v1.terminated";
      return { event: "ADVISORY.CONSUMER.MSG_TERMINATED", type, fields: shown };
    }
    case "ack-metric": {
      const { kind: _, ...fields } = advisory;
      const type = "metric.v1.consumer_ack";
      return { event: "METRIC.CONSUMER.ACK", type, fields: { ...names, ...fields } };
    }
    case "pause":
      return describePause(names, advisory);
    case "pinned":
    case "unpinned":
      return describePin(account, names, advisory);
    default:
      return unreachable(advisory);
  }
}

type Names = { readonly stream: string; readonly consumer: string };

/** A pause that was lifted shows Go's zero time. */
function describePause(
  names: Names,
  { paused, pause_until }: Extract<ConsumerAdvisory, { kind: "pause" }>,
): Described {
  const until = pause_until === null ? null : parseStoredTime(pause_until);
  const fields = {
    ...names,
    paused,
    pause_until: until === null ? formatStoredTime(zeroStoredTime) : (pause_until ?? undefined),
  };
  return { event: "ADVISORY.CONSUMER.PAUSE", type: "advisory.v1.consumer_pause", fields };
}

/** Here the domain stands before the group: an entry holds its place until it is filled in. */
function describePin(
  account: string,
  names: Names,
  advisory: Extract<ConsumerAdvisory, { kind: "pinned" | "unpinned" }>,
): Described {
  const { kind, ...fields } = advisory;
  const event = `ADVISORY.CONSUMER.${kind === "pinned" ? "PINNED" : "UNPINNED"}`;
  const type = `advisory.v1.consumer_group_${kind}`;
  return { event, type, fields: { account, ...names, domain: undefined, ...fields } };
}
