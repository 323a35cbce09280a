/** A stream with what its server keeps in memory only. */
import type { StreamAsset } from "../../../server/index.ts";
import type { FoundStream } from "../assets.ts";

/** Null while its server is down. */
export function assetOf({ host, plain, state }: FoundStream): StreamAsset | null {
  for (const account of host.server?.jetstream?.accounts.values() ?? []) {
    const asset = account.streams.get(plain);
    if (asset?.state === state) return asset;
  }
  return null;
}
