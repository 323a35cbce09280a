/** What a server with JetStream knows beside its connections. */
export type { JetStreamAccount, JetStreamState, StreamAsset } from "./jetstream-state.ts";
