/** Finds streams and consumers across servers, by the names that the state object uses. */
import { loadMessage, type StoredMessage } from "../../jetstream/index.ts";
import type { World } from "../world.ts";
import { stateObject } from "./state-object.ts";
import { findStream } from "./streams.ts";

/** What the functions of a predicate ask. */
export interface StateLookup {
  readonly stream: (name: string) => unknown;
  readonly consumer: (stream: string, name: string) => unknown;
  readonly leader: (stream: string) => string;
  readonly message: (stream: string, seq: number) => unknown;
}

const decoder = new TextDecoder();

export function stateLookup(world: World): StateLookup {
  const section = (key: string, name: string): unknown => {
    const state = stateObject(world)[key] as Readonly<Record<string, unknown>>;
    return state[name] ?? null;
  };
  return {
    stream: (name) => section("streams", name),
    consumer: (stream, name) => section("consumers", `${stream}/${name}`),
    leader: (name) => findStream(world, name)?.leader ?? "",
    message: (name, seq) => {
      const asset = findStream(world, name)?.asset ?? null;
      const message = asset === null ? null : loadMessage(asset.state.store, seq as never);
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
