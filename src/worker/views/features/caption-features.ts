/** The sentence under a picture whose point is none of tape, needle and seat. */
import type { CaptionView, StreamView } from "../../frames.ts";
import type {
  CopyView,
  FeatureView,
  KvView,
  LaneMarksView,
  ObjectsView,
  TapeMarksView,
} from "../../frames-features.ts";
import { splitId } from "../names.ts";
import { nameOf } from "./lane-marks.ts";

export interface FeatureCaptionScene {
  readonly features: readonly FeatureView[];
  readonly streams: readonly StreamView[];
  readonly now: number;
}

/** Newest first: what has just left, what is held back, what a bucket holds, what is copied. */
export function captionOfFeatures(scene: FeatureCaptionScene): CaptionView | null {
  const { features, now } = scene;
  const tapes = features.filter((one) => one.kind === "tape");
  return (
    first(tapes, sayLeft) ??
    first(features, (one) => (one.kind === "lane" ? sayLane(one, now) : null)) ??
    first(tapes, (one) => sayWaiting(one, now)) ??
    first(features, (one) => sayRest(one)) ??
    first(tapes, sayHeld)
  );
}

function first<T>(items: readonly T[], say: (item: T) => CaptionView | null): CaptionView | null {
  for (const item of items) {
    const said = say(item);
    if (said !== null) return said;
  }
  return null;
}

const leftWords = {
  limit: "The stream is full, so the oldest makes room for the newest.",
  age: "Its time was over: the server removes what is too old by itself.",
  deleted: "Somebody deleted it. The numbers go on without it.",
  purged: "The stream was purged.",
  rollup: "A rollup took the place of what came before it.",
} as const;

function sayLeft({ left, holders, stream }: TapeMarksView): CaptionView | null {
  const newest = left[0];
  if (newest === undefined) return null;
  const strong = `${newest.seq} has left ${splitId(stream)[1]}.`;
  if (newest.why !== "acked") return { strong, rest: leftWords[newest.why] };
  const rest =
    holders.length > 1
      ? "Every consumer that wanted it has acked it."
      : "Its consumer has acked it, and here what is done is not kept.";
  return { strong, rest };
}

function sayLane({ id, paused, group }: LaneMarksView, now: number): CaptionView | null {
  const name = id.slice(id.lastIndexOf("/") + 1);
  if (paused !== null) {
    return {
      strong: `${name} is paused.`,
      rest: `Messages are stored and wait; it goes on in ${leftText(paused.until - now)}.`,
    };
  }
  const who = group?.pinned?.client;
  if (group?.policy === "pinned_client" && who !== undefined) {
    const others = group.waiting.length;
    const rest =
      others === 0 ? "Nobody else is served." : `${others} more wait until it stops asking.`;
    return { strong: `${name} is pinned to ${nameOf(who)}.`, rest };
  }
  const helper =
    group?.policy === "overflow" ? group.waiting.find((one) => one.why !== "") : undefined;
  if (helper === undefined) return null;
  return {
    strong: `${upper(nameOf(helper.client))} waits to help ${name}.`,
    rest: `It is served only with ${helper.why} at least.`,
  };
}

const upper = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function sayWaiting({ slots, stream }: TapeMarksView, now: number): CaptionView | null {
  const due = slots.find((slot) => slot.due !== null && slot.due > now);
  if (due?.due != null) {
    return {
      strong: `${due.seq} waits in ${splitId(stream)[1]} as a schedule.`,
      rest: `It publishes in ${leftText(due.due - now)}.`,
    };
  }
  const parked = slots.find((slot) => slot.parked !== "");
  if (parked !== undefined) {
    return {
      strong: `${parked.seq} is parked.`,
      rest: `${parked.parked}, and does not try again.`,
    };
  }
  const stone = slots.find((slot) => slot.stone === "expired");
  if (stone === undefined) return null;
  return {
    strong: `${stone.seq} is a marker.`,
    rest: "It tells readers that the last message of its subject has expired.",
  };
}

function sayRest(feature: FeatureView): CaptionView | null {
  if (feature.kind === "kv") return sayKv(feature);
  if (feature.kind === "objects") return sayObjects(feature);
  return feature.kind === "copy" ? sayCopy(feature) : null;
}

function sayKv({ keys, name, hasMore, watchers }: KvView): CaptionView {
  const held = keys.filter((key) => key.revisions.at(-1)?.stone === "").length;
  const more = hasMore ? "more than " : "";
  const strong = `Bucket ${name} holds ${more}${held} ${held === 1 ? "key" : "keys"}.`;
  const rest =
    watchers.length === 0
      ? "A key's newest revision is its value; the older ones are its history."
      : `${watchers.length === 1 ? "One watcher hears" : `${watchers.length} watchers hear`} every change.`;
  return { strong, rest };
}

function sayObjects({ objects, name }: ObjectsView): CaptionView {
  const broken = objects.find((one) => one.state === "broken");
  if (broken !== undefined) {
    return {
      strong: `${broken.name} is broken.`,
      rest: `${broken.held} of its ${broken.chunks} chunks are there: a reader gets an error.`,
    };
  }
  const held = objects.filter((one) => one.state === "sealed").length;
  return {
    strong: `Bucket ${name} holds ${held} ${held === 1 ? "object" : "objects"}.`,
    rest: "Each is cut into chunks; the lid, written last, makes it whole.",
  };
}

function sayCopy({ from, to, way, lag, state, error }: CopyView): CaptionView | null {
  const origin = from.startsWith("stream:") ? splitId(from)[1] : from;
  const copy = splitId(to)[1];
  if (way === "republish") {
    return {
      strong: `${copy} stores what ${origin} republishes.`,
      rest: "One write, two streams: the second one hears it when the first has stored it.",
    };
  }
  if (state === "failing") {
    const rest = error === "" ? "It asks again." : `The server says: ${error}.`;
    return { strong: `${copy} hears nothing from ${origin}.`, rest };
  }
  const strong =
    way === "mirror" ? `${copy} mirrors ${origin}.` : `${copy} takes copies from ${origin}.`;
  const rest =
    lag > 0
      ? `${lag} ${lag === 1 ? "message is" : "messages are"} still to come.`
      : way === "mirror"
        ? "Same messages, same numbers, and nothing is missing."
        : "Copies get numbers of their own.";
  return { strong, rest };
}

function sayHeld({ slots, holders, stream }: TapeMarksView): CaptionView | null {
  const slot = slots.find((one) => one.held.includes("w") && one.held.includes("a"));
  if (slot === undefined) return null;
  const waits = holders.filter((_, index) => slot.held[index] === "w");
  return {
    strong: `${slot.seq} stays in ${splitId(stream)[1]}.`,
    rest: `${waits.join(" and ")} ${waits.length === 1 ? "has" : "have"} not acked it yet.`,
  };
}

function leftText(nanos: number): string {
  const seconds = Math.max(0, nanos / 1e9);
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
