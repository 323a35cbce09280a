/** Streams as tapes. */
import { type ConsumerState, int64ToNumber } from "../../jetstream/index.ts";
import { tableEach, tableHas } from "../../kernel/index.ts";
import type { World } from "../../world/index.ts";
import type { StreamView } from "../frames.ts";
import { type FoundStream, syncedUpTo } from "./assets.ts";
import { viewCells } from "./cells.ts";
import { serverId, streamId } from "./names.ts";

export function viewStream(world: World, stream: FoundStream, slots: number): StreamView {
  const { state, name, host } = stream;
  const { store, config } = state;
  const consumers = [...stream.consumers.values()];
  const anchors = consumers.flatMap((c) => [Number(c.floorStream) + 1, c.seqNext - 1]);
  const parked = new Set(consumers.flatMap(parkedSeqs));
  const breaks = world.ledger.breaks.filter((one) => one.stream === name);
  const broken = new Set(breaks.map((one) => Number(one.seq)));
  return {
    id: streamId(name),
    name,
    server: serverId(host.name),
    subjects: config.subjects.join(" "),
    note: noteOf(stream),
    messages: store.messages,
    bytes: store.bytes,
    first: store.seqFirst,
    last: store.seqLast,
    cells: viewCells(stream, { slots, anchors, synced: syncedUpTo(stream), parked, broken }),
    full: isFull(stream),
  };
}

function noteOf({ state }: FoundStream): string {
  const { config } = state;
  const words: string[] = [config.storage, config.retention];
  const most = int64ToNumber(config.max_msgs);
  if (most > 0) words.push(`at most ${most}`);
  if (config.discard === "new") words.push("discard new");
  if (config.sealed) words.push("sealed");
  return words.join(" · ");
}

function isFull({ state }: FoundStream): boolean {
  const { config, store } = state;
  if (config.discard !== "new") return false;
  const messages = int64ToNumber(config.max_msgs);
  const bytes = int64ToNumber(config.max_bytes);
  return (messages > 0 && store.messages >= messages) || (bytes > 0 && store.bytes >= bytes);
}

/** Delivered as often as max_deliver allows, and waited for in vain. */
function parkedSeqs(consumer: ConsumerState): number[] {
  const most = consumer.config.max_deliver;
  if (most <= 0) return [];
  const parked: number[] = [];
  tableEach(consumer.redelivered, (again, seq) => {
    if (again + 1 >= most && !tableHas(consumer.pending, seq)) parked.push(seq);
    return true;
  });
  return parked;
}
