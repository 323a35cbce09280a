/** Pull requests that wait when their server ends. */
import { tellOfShutdown } from "../../../jetstream/index.ts";
import type { ServerIo } from "../../io.ts";
import type { ServerState } from "../../state.ts";
import { withConsumer } from "./consumer-step.ts";

/**
 * The server ends in good order: who waits for messages of a consumer that is nowhere else is told.
 * Source: `signalPullConsumers`, which goes by the replicas as they were asked for.
 */
export function dismissPulls(server: ServerState, io: ServerIo): void {
  for (const account of server.jetstream?.accounts.values() ?? []) {
    for (const asset of account.streams.values()) {
      for (const consumer of asset.consumers.values()) {
        if (consumer.config.num_replicas > 1) continue;
        withConsumer({ server, io, asset, consumer }, (_, out) => tellOfShutdown(consumer, out));
      }
    }
  }
}
