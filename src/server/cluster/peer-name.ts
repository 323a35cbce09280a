/** How nats-server names peers and groups for itself. */
import { encodeText, nextNuid, sha256 } from "../../protocol/index.ts";
import type { JetStreamState } from "../assets/jetstream-state.ts";
import type { ServerIo } from "../io.ts";

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const hashLength = 8;

/** The eight characters by which a server is known as a Raft peer. Source: `getHash`. */
export function peerHash(name: string): string {
  const digest = sha256(encodeText(name));
  let text = "";
  for (let i = 0; i < hashLength; i++) text += digits[(digest[i] ?? 0) % digits.length];
  return text;
}

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
