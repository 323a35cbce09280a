/** Finds streams and consumers across servers, by the names that the state object uses. */
import { loadMessage, type StoredMessage } from "../../jetstream/index.ts";
import type { StreamAsset } from "../../server/index.ts";
import { type Host, serverHosts } from "../host.ts";
import type { World } from "../world.ts";
import { qualifiedName } from "./account.ts";
import { stateObject } from "./state-object.ts";

/** A stream on one server. */
export interface FoundStream {
  readonly name: string;
  readonly host: Host;
  readonly asset: StreamAsset;
}

/** What the functions of a predicate ask. */
export interface StateLookup {
  readonly stream: (name: string) => unknown;
  readonly consumer: (stream: string, name: string) => unknown;
  readonly leader: (stream: string) => string;
  readonly message: (stream: string, seq: number) => unknown;
}

const decoder = new TextDecoder();

/** Every stream of every running server, in the order of servers, accounts and streams. */
export function findStreams(world: World): FoundStream[] {
  const found: FoundStream[] = [];
  for (const host of serverHosts(world)) {
    for (const account of host.server?.jetstream?.accounts.values() ?? []) {
      for (const asset of account.streams.values()) {
        found.push({ name: qualifiedName(host, account.name, asset.name), host, asset });
      }
    }
  }
  return found;
}

export function stateLookup(world: World): StateLookup {
  const find = (name: string): FoundStream | undefined => {
    return findStreams(world).find((one) => one.name === name);
  };
  const section = (key: string, name: string): unknown => {
    const state = stateObject(world)[key] as Readonly<Record<string, unknown>>;
    return state[name] ?? null;
  };
  return {
    stream: (name) => section("streams", name),
    consumer: (stream, name) => section("consumers", `${stream}/${name}`),
    leader: (name) => find(name)?.host.name ?? "",
    message: (name, seq) => {
      const asset = find(name)?.asset;
      const message = asset === undefined ? null : loadMessage(asset.state.store, seq as never);
      return message === null ? null : plainMessage(message);
    },
  };
}

function plainMessage(message: StoredMessage): Readonly<Record<string, unknown>> {
  return {
    subject: message.subject,
    seq: message.seq,
    data: decoder.decode(message.payload),
    headers: message.headers === null ? "" : decoder.decode(message.headers),
  };
}
