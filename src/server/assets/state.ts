/** What a server with JetStream knows beside its connections. */
export type { JetStreamState } from "./jetstream-state.ts";
