/** Servers as the canvas shows them. */
import { messageTime } from "../../jetstream/index.ts";
import { streamSeq, virtualAt } from "../../kernel/index.ts";
import { type Host, serverHosts, unsyncedBytes, type World } from "../../world/index.ts";
import type { ServerView } from "../frames.ts";
import { type FoundStream, syncedUpTo } from "./assets.ts";
import { serverId } from "./names.ts";

export function viewServers(world: World, streams: readonly FoundStream[]): ServerView[] {
  return serverHosts(world).map((host) => viewServer(host, streams));
}

function viewServer(host: Host, streams: readonly FoundStream[]): ServerView {
  const bytes = host.powered ? unsyncedBytes(host.disk) : 0;
  return {
    id: serverId(host.name),
    name: host.name,
    state: stateOf(host),
    role: null,
    term: null,
    unsyncedBytes: bytes,
    unsyncedSince: bytes === 0 ? null : oldestUnsynced(host, streams),
    note: "",
  };
}

/** When the oldest message that a power cut would take was stored; null when none would go. */
function oldestUnsynced(host: Host, streams: readonly FoundStream[]): number | null {
  let oldest: number | null = null;
  for (const stream of streams) {
    if (stream.host !== host || stream.path === null) continue;
    const { store } = stream.state;
    const seq = Math.max(syncedUpTo(stream) + 1, store.seqFirst);
    if (seq > store.seqLast) continue;
    const time = messageTime(store, streamSeq(seq));
    if (time === null) continue;
    const at = virtualAt(time) - host.clockOffset;
    oldest = oldest === null ? at : Math.min(oldest, at);
  }
  return oldest;
}

function stateOf(host: Host): ServerView["state"] {
  if (!host.powered) return "off";
  if (!host.up) return "down";
  if (host.frozen) return "frozen";
  return host.server?.phase === "lame-duck" ? "lame-duck" : "up";
}
