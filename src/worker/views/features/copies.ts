/** Mirrors and sources as flows from one stream to another. */
import type { StreamSource } from "../../../jetstream/index.ts";
import type { StreamAsset } from "../../../server/index.ts";
import type { CopyView } from "../../frames-features.ts";
import type { FoundStream } from "../assets.ts";
import { streamId } from "../names.ts";
import { assetOf } from "./asset-of.ts";
import { sourceNote } from "./tape-notes.ts";

type OriginLink = StreamAsset["origins"] extends Map<string, infer Link> ? Link : never;

export function viewCopies(stream: FoundStream, streams: readonly FoundStream[]): CopyView[] {
  const links = [...(assetOf(stream)?.origins.values() ?? [])];
  return links.map((link, index) => ({
    kind: "copy",
    id: `copy:${stream.name}/${index}`,
    from: originOf(link.source, stream, streams),
    to: streamId(stream.name),
    way: link.kind,
    lag: link.lag,
    state: stateOf(link),
    note: sourceNote(link.source),
    error: link.error?.description ?? "",
  }));
}

/** Of another account or domain is another stream, even when its name is one that is here. */
function originOf(
  { name, external }: StreamSource,
  copy: FoundStream,
  streams: readonly FoundStream[],
): string {
  const here = streams.some((one) => one.name === name && one !== copy);
  return here && external === undefined ? streamId(name) : name;
}

function stateOf({ phase, error, fails }: OriginLink): CopyView["state"] {
  if (phase === "following") return "following";
  return error !== null || fails > 0 ? "failing" : "asking";
}
