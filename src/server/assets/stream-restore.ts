/** What the disk of a starting server holds: streams, and the consumers of each. */
import { forgetRemoved, type StreamState } from "../../jetstream/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { adviseConsumerAction } from "./consumers/consumer-advisories.ts";
import { restoreConsumers } from "./consumers/consumer-side.ts";
import type { JetStreamAccount } from "./jetstream-state.ts";
import { adviseStreamAction } from "./stream-advisories.ts";
import { activateStream, placeStream } from "./stream-asset.ts";
import { expireOnRestore } from "./stream-due.ts";
import { streamsFolder } from "./stream-lookup.ts";

/** A stream is a folder; its messages stand in the file `msgs`. */
export function restoreStreams(server: ServerState, io: ServerIo, account: JetStreamAccount): void {
  const folder = streamsFolder(server.jetstream?.storeDir ?? "", account.name);
  for (const path of io.disk.list(folder)) {
    const [, file] = path.slice(folder.length).split("/");
    if (file !== "msgs") continue;
    const state = io.disk.open<StreamState>(path, () => {
      throw new Error(`no stream behind ${path}`);
    });
    forgetRemoved(state);
    const asset = placeStream({ account, state, path });
    expireOnRestore({ server, io, asset });
    activateStream(server, io, asset);
    restoreConsumers(server, io, asset);
  }
}

/** What an account has again by a reload is told of as if it were new. Source: `EnableJetStream`. */
export function announceStreams(server: ServerState, io: ServerIo, name: string): void {
  for (const asset of server.jetstream?.accounts.get(name)?.streams.values() ?? []) {
    adviseStreamAction(server, io, asset, "create");
    for (const { name: consumer } of asset.consumers.values()) {
      const of = { account: name, stream: asset.name, consumer };
      adviseConsumerAction(server, io, of, "create");
    }
  }
}
