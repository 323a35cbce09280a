/** What the upper layer of a group must be able to do: one table entry a kind of group. */
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { GroupOf, RaftGroup } from "./group.ts";

/** A group with the server that it is on. */
export interface GroupPlace {
  readonly server: ServerState;
  readonly io: ServerIo;
  readonly group: RaftGroup;
}

export interface GroupSnapshot {
  /** A value: nothing in it is written any more. */
  readonly data: unknown;
  readonly bytes: number;
}

export interface GroupHandler {
  /** One proposal of a committed entry. All members do the same with it. */
  apply(place: GroupPlace, data: unknown, index: number): void;
  /** The whole state begins anew from a snapshot's data. */
  restore(place: GroupPlace, data: unknown): void;
  /** The state as it is now; null when there is none worth keeping. */
  snapshot(place: GroupPlace): GroupSnapshot | null;
  /** Only between true and false may it act as leader. Told false to followers again and again. */
  leadership(place: GroupPlace, isLeader: boolean): void;
  quorumLost(place: GroupPlace): void;
}

export type GroupHandlers = {
  readonly [K in GroupOf["kind"]]?: GroupHandler;
};
