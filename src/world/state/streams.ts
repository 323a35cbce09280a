/** The streams of a world, wherever they are, by the names that the state object uses. */
import type { StreamAsset } from "../../server/index.ts";
import { type Host, serverHosts } from "../host.ts";
import type { World } from "../world.ts";
import { qualifiedName } from "./account.ts";

/** A stream on one server. */
export interface FoundStream {
  readonly name: string;
  readonly host: Host;
  readonly asset: StreamAsset;
}

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
