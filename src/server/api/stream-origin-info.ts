/** How a stream's mirror and sources are shown. */
import { printSource } from "../../jetstream/index.ts";
import { tableGet } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import type { StreamAsset } from "../assets/jetstream-state.ts";
import type { OriginLink } from "../assets/origins/stream-origins.ts";
import type { ApiFields } from "./route-shape.ts";
import type { PrintPlace } from "./stream-info.ts";

/** `mirror` and `sources`, each only when there are any. */
export function printOrigins(place: PrintPlace, asset: StreamAsset): ApiFields {
  const links = [...asset.origins.values()];
  const mirror = links.find((link) => link.kind === "mirror");
  const sources = links.filter((link) => link.kind === "source");
  return {
    mirror: mirror === undefined ? undefined : printLink(place, asset, mirror),
    sources:
      sources.length === 0 ? undefined : sources.map((link) => printLink(place, asset, link)),
  };
}

/** Source: the JSON tags of nats-server `server/stream.go` `StreamSourceInfo`. */
function printLink(place: PrintPlace, asset: StreamAsset, link: OriginLink): JsonLike {
  const { name, external, ...filters } = printSource(link.source);
  // A mirror's filter is shown once it has asked for its consumer.
  const isShown = link.kind === "source" || link.askedAt !== null;
  return {
    name,
    external,
    lag: link.lag,
    seq: copiedSeq(asset, link),
    // Nanoseconds since something came from there, -1 for never.
    active: link.heardAt === null ? -1 : place.io.now - link.heardAt,
    error: link.error === null ? undefined : { ...link.error },
    filter_subject: isShown ? filters.filter_subject : undefined,
    subject_transforms: filters.subject_transforms,
  };
}

/** How far a source is stored here, when that is of the stream that it reads now. */
function copiedSeq({ state }: StreamAsset, link: OriginLink): number | undefined {
  const mark = link.kind === "source" ? tableGet(state.origins, link.name) : undefined;
  if (mark === undefined || link.isRecreated) return undefined;
  return mark.identity === "" || mark.identity === link.identity ? mark.seq : undefined;
}
