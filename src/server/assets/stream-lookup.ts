/** Finding streams. */
import { sortedKeys } from "../../kernel/index.ts";
import type { ServerState } from "../state.ts";
import type { JetStreamAccount, StreamAsset } from "./jetstream-state.ts";

export function findAccount(server: ServerState, account: string): JetStreamAccount | null {
  return server.jetstream?.accounts.get(account) ?? null;
}

export function findStream(server: ServerState, account: string, name: string): StreamAsset | null {
  return findAccount(server, account)?.streams.get(name) ?? null;
}

/** All streams of an account in the order of their names. */
export function streamsByName(account: JetStreamAccount): StreamAsset[] {
  const assets: StreamAsset[] = [];
  for (const name of sortedKeys(account.streams)) {
    const asset = account.streams.get(name);
    if (asset !== undefined) assets.push(asset);
  }
  return assets;
}

/** The file of a stream's messages. */
export function streamPath(storeDir: string, account: string, stream: string): string {
  return `${streamsFolder(storeDir, account)}${stream}/msgs`;
}

/** Where the streams of an account stand on the disk. */
export function streamsFolder(storeDir: string, account: string): string {
  return `${storeDir}/jetstream/${account}/streams/`;
}
