/**
 * Which consumers of a stream a subject concerns. Not state: what it holds follows from the
 * consumers, and a restored checkpoint, being another object, starts without it.
 */
import { matchesAny } from "../../../jetstream/index.ts";
import { addSubscription, createInterest } from "../../interest/interest.ts";
import { matchInterest } from "../../interest/match.ts";
import type { Interest } from "../../interest/subscription.ts";

/** What consumers are found by; no filters take everything. */
interface Filtering {
  readonly name: string;
  readonly filters: readonly string[];
}

/** So few are asked one by one as fast. */
const few = 8;

const audiences = new WeakMap<ReadonlyMap<string, Filtering>, Interest>();

/**
 * The consumers that filter for `subject`, in the order of their creation. The work grows with
 * their number, not with that of all consumers. Source: nats-server `stream.csl`.
 */
export function audienceOf<T extends Filtering>(
  { consumers }: { readonly consumers: ReadonlyMap<string, T> },
  subject: string,
): readonly T[] {
  const found: T[] = [];
  if (consumers.size <= few) {
    for (const consumer of consumers.values()) {
      if (matchesAny(consumer.filters, subject)) found.push(consumer);
    }
    return found;
  }
  const { plain } = matchInterest(indexOf(consumers), subject);
  let last: string | null = null;
  for (const { sid: name } of plain.toSorted((a, b) => a.id - b.id)) {
    const consumer = consumers.get(name);
    // Filters of one consumer stand side by side; several of them may match.
    if (consumer !== undefined && name !== last) found.push(consumer);
    last = name;
  }
  return found;
}

/** To be called whenever a consumer comes, goes or changes its filters. */
export function forgetAudience({
  consumers,
}: {
  readonly consumers: ReadonlyMap<string, Filtering>;
}): void {
  audiences.delete(consumers);
}

function indexOf(consumers: ReadonlyMap<string, Filtering>): Interest {
  const known = audiences.get(consumers);
  if (known !== undefined) return known;
  const index = createInterest();
  for (const { name, filters } of consumers.values()) {
    for (const filter of filters.length === 0 ? [">"] : filters) {
      const subject = filter === "" ? ">" : filter;
      addSubscription(index, { subject, queue: null, conn: null, sid: name, target: null }, []);
    }
  }
  audiences.set(consumers, index);
  return index;
}
