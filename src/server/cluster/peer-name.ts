/** How nats-server names peers and groups for itself. */
import { nextNuid, shortHash } from "../../protocol/index.ts";
import type { JetStreamState } from "../assets/jetstream-state.ts";
import type { ServerIo } from "../io.ts";

/** The eight characters by which a server is known as a Raft peer. */
export const peerHash = shortHash;

export interface GroupKind {
  readonly prefix: "S" | "C";
  readonly replicas: number;
  readonly storage: "file" | "memory";
}

/** A name that no group had before. Source: `groupName`. */
export function newGroupName(js: JetStreamState, io: ServerIo, kind: GroupKind): string {
  const { prefix, replicas, storage } = kind;
  const letter = storage === "file" ? "F" : "M";
  const unique = peerHash(nextNuid(js.nuid, () => io.draw("ids")));
  return `${prefix}-R${replicas}${letter}-${unique}`;
}
