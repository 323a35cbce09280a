/** What of a large cluster is drawn: a few streams, first the selected, then those in trouble. */
import type { FoundStream } from "../assets.ts";
import { splitId, splitName } from "../names.ts";
import type { Group } from "./members.ts";

/** Tapes that fit under each other on three servers before they are too small to read. */
const replicatedMost = 3;

/** All of them unless they are replicated and many. */
export function shownStreams(
  streams: readonly FoundStream[],
  selected: string | null,
): readonly FoundStream[] {
  const replicated = streams.filter((stream) => stream.group !== null);
  if (replicated.length <= replicatedMost) return streams;
  const wanted = selectedStream(selected);
  const rank = (stream: FoundStream) => (stream.name === wanted ? 0 : stream.led ? 2 : 1);
  const chosen = new Set(
    [...replicated].sort((a, b) => rank(a) - rank(b)).slice(0, replicatedMost),
  );
  return streams.filter((stream) => chosen.has(stream));
}

function selectedStream(selected: string | null): string {
  const [kind, name] = splitId(selected ?? ":");
  return kind === "stream" ? name : splitName(name)[0];
}

/** The meta group and those of the streams that are shown. */
export function shownGroups(
  groups: readonly Group[],
  streams: readonly FoundStream[],
): readonly Group[] {
  const shown = new Set(streams.map((stream) => stream.group?.name));
  return groups.filter(({ name, kind }) => kind === "meta" || shown.has(name));
}
