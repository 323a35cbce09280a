/** Ids of what can be selected: the kind, a colon, the name. */
import type { Conn, World } from "../../world/index.ts";
import { personOf } from "../people.ts";

export const serverId = (name: string): string => `server:${name}`;
export const clientId = (name: string): string => `client:${name}`;
export const streamId = (name: string): string => `stream:${name}`;
export const consumerId = (stream: string, name: string): string => `consumer:${stream}/${name}`;
export const replicaId = (stream: string, server: string): string => `replica:${stream}/${server}`;
export const groupId = (name: string): string => `group:${name}`;
export const routeId = (a: string, b: string): string => `route:${a}-${b}`;
export const messageId = (stream: string, seq: number): string => `message:${stream}/${seq}`;

/** The kind and the name of an id. */
export function splitId(id: string): readonly [kind: string, name: string] {
  const colon = id.indexOf(":");
  return [id.slice(0, colon), id.slice(colon + 1)];
}

/** Stream and consumer, or stream and sequence, of a name with a slash. */
export function splitName(name: string): readonly [string, string] {
  const slash = name.lastIndexOf("/");
  return slash < 0 ? [name, ""] : [name.slice(0, slash), name.slice(slash + 1)];
}

/** The chair that holds the client's end of a connection; null for one between servers. */
export function clientOf(world: World, conn: Conn): string | null {
  const { owner } = conn.a;
  switch (owner.kind) {
    case "actor":
      return clientId(owner.name);
    case "process":
      return clientId(personOf(world.processes.get(owner.pid)?.tty ?? "t1"));
    case "outside":
      return clientId(`outside-${owner.id}`);
    case "server":
      return null;
  }
}
