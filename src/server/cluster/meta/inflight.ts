/**
 * Proposals that the meta leader has made and not yet applied: what comes next must see them, or
 * two requests at once could both take the last free place.
 * Source: nats-server `trackInflightStreamProposal`, `streamAssignmentOrInflight`.
 */
import { sortedKeys } from "../../../kernel/index.ts";
import { assetOf, type ConsumerSpec, type MetaEntry, type StreamSpec } from "../assignments.ts";
import { type ClusterState, findAssignment, findConsumerAssignment } from "../cluster-state.ts";

export interface InflightStream {
  /** Proposals for the stream itself; and what the last of them leaves: null for nothing. */
  operations: number;
  spec: StreamSpec | null;
  /** How many must be applied until the last removal among them is: what is there now goes. */
  untilRemoved: number;
  readonly consumers: Map<string, InflightConsumer>;
}

export interface InflightConsumer {
  operations: number;
  spec: ConsumerSpec | null;
}

/** Notes a proposal that was made. */
export function trackProposal(cluster: ClusterState, entry: MetaEntry): void {
  const { account, stream, consumer } = assetOf(entry);
  const inflight = openInflight(cluster, account, stream);
  if (entry.op === "assign-consumer") trackConsumer(inflight, entry.spec.name, entry.spec);
  else if (consumer !== null) trackConsumer(inflight, consumer, null);
  else trackStream(inflight, entry.op === "remove" ? null : entry.spec);
}

/** A proposal was applied: one fewer is on its way. */
export function forgetProposal(cluster: ClusterState, entry: MetaEntry): void {
  const { account, stream, consumer } = assetOf(entry);
  const key = keyOf(account, stream);
  const inflight = cluster.inflight.get(key);
  if (inflight === undefined) return;
  if (consumer === null) {
    inflight.operations = Math.max(inflight.operations - 1, 0);
    inflight.untilRemoved = Math.max(inflight.untilRemoved - 1, 0);
  } else {
    const one = inflight.consumers.get(consumer);
    if (one !== undefined && --one.operations <= 0) inflight.consumers.delete(consumer);
  }
  if (inflight.operations === 0 && inflight.consumers.size === 0) cluster.inflight.delete(key);
}

/** The stream as it will be: with what is on its way. */
export function streamAhead(
  cluster: ClusterState,
  account: string,
  stream: string,
): StreamSpec | null {
  const inflight = cluster.inflight.get(keyOf(account, stream));
  if (inflight !== undefined && inflight.operations > 0) return inflight.spec;
  return findAssignment(cluster, account, stream)?.spec ?? null;
}

/** All streams of an account as they will be, by name. */
export function streamsAhead(cluster: ClusterState, account: string): StreamSpec[] {
  const specs = new Map<string, StreamSpec>();
  for (const [name, { spec }] of cluster.accounts.get(account) ?? []) specs.set(name, spec);
  for (const { operations, spec } of cluster.inflight.values()) {
    if (operations > 0 && spec?.account === account) specs.set(spec.config.name, spec);
  }
  const ahead: StreamSpec[] = [];
  for (const name of sortedKeys(specs)) {
    const spec = streamAhead(cluster, account, name);
    if (spec !== null) ahead.push(spec);
  }
  return ahead;
}

export function consumerAhead(
  cluster: ClusterState,
  account: string,
  stream: string,
  consumer: string,
): ConsumerSpec | null {
  const inflight = cluster.inflight.get(keyOf(account, stream));
  const one = inflight?.consumers.get(consumer);
  if (one !== undefined) return one.spec;
  // Those of a stream that is to go do not come back with one of the same name.
  if (inflight !== undefined && inflight.untilRemoved > 0) return null;
  return findConsumerAssignment(cluster, account, stream, consumer)?.spec ?? null;
}

/** All consumers of a stream as they will be, by name. */
export function consumersAhead(
  cluster: ClusterState,
  account: string,
  stream: string,
): ConsumerSpec[] {
  const names = new Map<string, true>();
  for (const name of findAssignment(cluster, account, stream)?.consumers.keys() ?? []) {
    names.set(name, true);
  }
  const inflight = cluster.inflight.get(keyOf(account, stream));
  for (const name of inflight?.consumers.keys() ?? []) names.set(name, true);
  const ahead: ConsumerSpec[] = [];
  for (const name of sortedKeys(names)) {
    const spec = consumerAhead(cluster, account, stream, name);
    if (spec !== null) ahead.push(spec);
  }
  return ahead;
}

function trackStream(inflight: InflightStream, spec: StreamSpec | null): void {
  inflight.operations += 1;
  inflight.spec = spec;
  // Its consumers go with a stream, those on their way too.
  if (spec !== null) return;
  inflight.untilRemoved = inflight.operations;
  for (const consumer of inflight.consumers.values()) consumer.spec = null;
}

function trackConsumer(inflight: InflightStream, name: string, spec: ConsumerSpec | null): void {
  const operations = (inflight.consumers.get(name)?.operations ?? 0) + 1;
  inflight.consumers.set(name, { operations, spec });
}

function openInflight(cluster: ClusterState, account: string, stream: string): InflightStream {
  const key = keyOf(account, stream);
  const present = cluster.inflight.get(key);
  if (present !== undefined) return present;
  const made: InflightStream = { operations: 0, spec: null, untilRemoved: 0, consumers: new Map() };
  cluster.inflight.set(key, made);
  return made;
}

function keyOf(account: string, stream: string): string {
  return `${account} ${stream}`;
}
