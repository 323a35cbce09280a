/** Servers as the canvas shows them. */
import { messageTime } from "../../jetstream/index.ts";
import { streamSeq, virtualAt } from "../../kernel/index.ts";
import { type Host, serverHosts, unsyncedBytes, type World } from "../../world/index.ts";
import type { ServerView } from "../frames.ts";
import { type FoundStream, syncedUpTo } from "./assets.ts";
import { membersOf } from "./cluster/members.ts";
import { serverId } from "./names.ts";

/** `hidden` streams are left off the canvas, which the first server says. */
export function viewServers(
  world: World,
  streams: readonly FoundStream[],
  hidden: number,
): ServerView[] {
  return serverHosts(world).map((host, place) => {
    const note = hidden > 0 && place === 0 ? `and ${hidden} more streams` : "";
    return { ...viewServer(host, streams), note };
  });
}

function viewServer(host: Host, streams: readonly FoundStream[]): ServerView {
  const bytes = host.powered ? unsyncedBytes(host.disk) : 0;
  return {
    id: serverId(host.name),
    name: host.name,
    state: stateOf(host),
    ...metaPlace(host),
    cluster: host.config?.cluster?.name ?? "",
    unsyncedBytes: bytes,
    unsyncedSince: bytes === 0 ? null : oldestUnsynced(host, streams),
    note: "",
  };
}

/** Its place in the meta group. */
function metaPlace(host: Host): Pick<ServerView, "role" | "term"> {
  for (const { kind, core } of membersOf(host).values()) {
    if (kind === "meta") return { role: core.role, term: core.stable.term };
  }
  return { role: null, term: null };
}

/** When the oldest message that a power cut would take was stored; null when none would go. */
function oldestUnsynced(host: Host, streams: readonly FoundStream[]): number | null {
  let oldest: number | null = null;
  for (const stream of streams) {
    const copy = stream.group === null ? stream : stream.copies.find((one) => one.host === host);
    if (copy?.host !== host || copy.path === null) continue;
    const { store } = copy.state;
    const seq = Math.max(syncedUpTo(copy) + 1, store.seqFirst);
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
