/** All that is shown beyond tapes, lanes and seats. Comes with the first world that has any. */
import type { World } from "../../../world/index.ts";
import type { StreamView, TimerView } from "../../frames.ts";
import type { CopyView, FeatureView } from "../../frames-features.ts";
import type { FoundStream } from "../assets.ts";
import type { SeatOwners } from "../consumers.ts";
import type { Past } from "../history.ts";
import { assetOf } from "./asset-of.ts";
import { viewKv } from "./buckets.ts";
import { viewCopies } from "./copies.ts";
import { viewLaneMarks } from "./lane-marks.ts";
import { listenersOf } from "./listeners.ts";
import { hasPicture, isBucket, isShown, lately } from "./need.ts";
import { viewObjects } from "./objects.ts";
import { viewTapeMarks } from "./tape-marks.ts";

export { captionOfFeatures } from "./caption-features.ts";
export { featureRows, whyMessage, whyOf } from "./why-features.ts";

export interface FeatureScene {
  readonly world: World;
  readonly streams: readonly FoundStream[];
  /** As they are drawn, in the same order. */
  readonly tapes: readonly StreamView[];
  readonly owners: SeatOwners;
  readonly past: Past;
}

export function viewFeatures(scene: FeatureScene): FeatureView[] {
  return scene.streams.flatMap((stream, index) => {
    const tape = scene.tapes[index];
    return tape === undefined || !hasPicture(stream) ? [] : ofStream(scene, stream, tape);
  });
}

function ofStream(scene: FeatureScene, stream: FoundStream, tape: StreamView): FeatureView[] {
  const { world, past, owners, streams } = scene;
  const now: number = world.kernel.now;
  const copies = viewCopies(stream, streams);
  const views: FeatureView[] = [...copies];
  const account = assetOf(stream)?.account ?? "";
  const listeners = listenersOf(world, stream.host, account);
  if (isBucket(stream.plain)) {
    views.push(stream.plain.startsWith("KV_") ? viewKv(stream, listeners) : viewObjects(stream));
    return views;
  }
  const left = lately(past, stream.name, now);
  const marks = viewTapeMarks({ stream, cells: tape.cells, left, inlet: inletOf(copies) });
  if (marks !== null) views.push(marks);
  const ownerOf = (consumer: string, seq: number) => owners.ownerOf(consumer, seq);
  for (const consumer of [...stream.consumers.values()].filter(isShown)) {
    const lane = viewLaneMarks({ stream, consumer, listeners, ownerOf, now });
    if (lane !== null) views.push(lane);
  }
  return views;
}

/** Of the origins that no tape here is, the one that does worst. */
function inletOf(copies: readonly CopyView[]): CopyView["state"] | null {
  const outside = copies.filter(({ from }) => !from.includes(":")).map(({ state }) => state);
  return (["failing", "asking", "following"] as const).find((one) => outside.includes(one)) ?? null;
}

/** What is armed: schedules, ends of pauses and of pins. */
export function featureTimers(features: readonly FeatureView[], now: number): TimerView[] {
  const timers: TimerView[] = [];
  const add = (id: string, at: number, label: string) => {
    if (at > now) timers.push({ id, at, label });
  };
  for (const feature of features) {
    if (feature.kind === "tape") {
      for (const { seq, due } of feature.slots) {
        if (due !== null) add(`due ${feature.id} ${seq}`, due, `schedule ${seq}`);
      }
    } else if (feature.kind === "lane") {
      const { id, paused, group } = feature;
      const name = id.slice(id.lastIndexOf("/") + 1);
      if (paused !== null) add(`pause ${id}`, paused.until, `${name} goes on`);
      const until = group?.pinned?.until ?? null;
      if (until !== null) add(`pin ${id}`, until, `${name} unpins`);
    }
  }
  return timers;
}
