/** The links of a stream follow its configuration. */
import { type StreamSource, sourceIndexName } from "../../../jetstream/index.ts";
import { tableGet } from "../../../kernel/index.ts";
import { compileTransform } from "../../../protocol/index.ts";
import type { AssetTimer } from "../../server-timer.ts";
import type { StreamPlace } from "../stream-answer.ts";
import { followMirrorDirect } from "./stream-mirror-direct.ts";
import { onSilence } from "./stream-origin-inbound.ts";
import {
  dropOriginConsumer,
  healthInterval,
  linkOfTimer,
  scheduleRequest,
  sendRequest,
  setLinkTimer,
  stopLink,
} from "./stream-origin-request.ts";
import type { OriginLink } from "./stream-origins.ts";

/** Makes links for what is new, ends those of what is gone, leaves the others alone. */
export function followOrigins(place: StreamPlace): void {
  const { server, asset } = place;
  const { config } = asset.state;
  const wanted = new Map<string, StreamSource>();
  if (config.mirror !== null) wanted.set("", config.mirror);
  for (const source of config.sources) wanted.set(sourceIndexName(source), source);
  for (const [name, link] of asset.origins) {
    if (wanted.has(name)) continue;
    stopLink(place, link);
    dropOriginConsumer(place, link);
    asset.origins.delete(name);
  }
  if (config.mirror === null) followMirrorDirect(server, asset, false);
  for (const [name, source] of wanted) {
    if (asset.origins.has(name)) continue;
    const link = createLink(place, name, source);
    asset.origins.set(name, link);
    scheduleRequest(place, link);
  }
}

/** The stream goes: nothing is copied any more. */
export function stopOrigins(place: StreamPlace): void {
  for (const link of place.asset.origins.values()) {
    stopLink(place, link);
    dropOriginConsumer(place, link);
  }
  place.asset.origins.clear();
}

/** True when the timer was one of a link. */
export function onOriginTimer(place: StreamPlace, timer: AssetTimer): boolean {
  const about = linkOfTimer(timer.name);
  if (about === null) return false;
  const link = place.asset.origins.get(about.origin);
  if (link === undefined) return true;
  if (about.what === "ask") sendRequest(place, link);
  else if (about.what === "silence") onSilence(place, link);
  else checkHealth(place, link);
  return true;
}

/** Source: nats-server `retryDisconnectedSyncConsumers`, `processMirrorMsgs`. */
function checkHealth(place: StreamPlace, link: OriginLink): void {
  const { io } = place;
  const isStale = link.heardAt === null || io.now - link.heardAt > healthInterval;
  if (link.phase !== "following") return;
  if (isStale) {
    link.fails = 0;
    scheduleRequest(place, link);
  } else {
    setLinkTimer(place, link, "health", healthInterval);
  }
}

function createLink(place: StreamPlace, name: string, source: StreamSource): OriginLink {
  const mark = tableGet(place.asset.state.origins, name);
  return {
    name,
    kind: name === "" ? "mirror" : "source",
    source,
    transforms: (source.subject_transforms ?? []).map(({ src, dest }) =>
      compileTransform(src, dest),
    ),
    phase: "waiting",
    consumer: "",
    deliver: "",
    deliverSub: null,
    answerSub: null,
    identity: mark?.identity ?? "",
    isRecreated: false,
    seq: mark?.seq ?? 0,
    delivered: 0,
    lag: 0,
    heardAt: null,
    askedAt: null,
    fails: 0,
    error: null,
    stalledOn: "",
    stalledCount: 0,
  };
}
