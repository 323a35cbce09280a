/** What the disk of a starting server holds: streams, and the consumers of each. */
import { forgetRemoved, type StreamState } from "../../jetstream/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { restoreConsumers } from "./consumers/consumer-side.ts";
import type { JetStreamAccount } from "./jetstream-state.ts";
import { takeUpStream } from "./stream-asset.ts";
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
    const asset = takeUpStream(server, io, { account, state, path });
    restoreConsumers(server, io, asset);
  }
}
