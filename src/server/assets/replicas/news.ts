/**
 * What happened to assets that the meta layer wants to know. It waits in `server.assetNews` until
 * the entry point ends, as the meta layer itself asks for assets.
 */
import type { StreamEffect } from "../../../jetstream/index.ts";
import type { ServerState } from "../../state.ts";

interface About {
  readonly account: string;
  readonly stream: string;
  /** Null for the stream itself. */
  readonly consumer: string | null;
}

export type AssetNews = About &
  (
    | { readonly kind: "leader"; readonly isLeader: boolean }
    | { readonly kind: "quorum-lost" }
    /** Its leader found it unused for too long. */
    | { readonly kind: "inactive" }
    /** What a request asked a stream to do has been agreed upon and done; told to its leader. */
    | {
        readonly kind: "changed";
        readonly request: unknown;
        readonly effects: readonly StreamEffect[];
      }
  );

/** Outside of a cluster nobody listens. */
export function tellNews(server: ServerState, news: AssetNews): void {
  server.assetNews?.push(news);
}
