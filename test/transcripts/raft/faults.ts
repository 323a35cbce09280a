/** What can happen to the members of a group and to the links between them. */
import { strict as assert } from "node:assert";
import { clearOwner, fork } from "../../../src/kernel/index.ts";
import type { PeerId } from "../../../src/raft/index.ts";
import { type Group, memberOf } from "./group.ts";

/** The process dies; what it wrote stays. */
export function kill(group: Group, id: PeerId): void {
  const member = memberOf(group, id);
  member.core = null;
  clearOwner(group.kernel, id);
}

/** The machine loses power: what was not synced is gone. */
export function powerOff(group: Group, id: PeerId): void {
  const member = memberOf(group, id);
  kill(group, id);
  member.durable = { stable: member.durable.stable, wal: fork(member.synced) };
}

export function setCut(group: Group, from: PeerId, to: PeerId, cut: boolean): void {
  const link = group.links.get(`${from}>${to}`);
  assert(link !== undefined, `no link ${from}>${to}`);
  link.cut = cut;
}

export function isolate(group: Group, id: PeerId): void {
  for (const link of group.links.values()) if (link.from === id || link.to === id) link.cut = true;
}

export function heal(group: Group): void {
  for (const link of group.links.values()) link.cut = false;
}
