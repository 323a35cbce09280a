/** Words of `world fault load sim expect lesson`: the command table of the world, then live names. */
import { commandTable } from "../world/index.ts";
import type { Candidate, CompletionState } from "./complete.ts";

/** `words` begins with the family; the last one is what is typed so far. */
export function completeWorld(words: readonly string[], state: CompletionState): Candidate[] {
  const typed = words.slice(0, -1);
  const partial = words.at(-1) ?? "";
  const spec = commandTable.find(({ path }) => startsWithPath(typed, path));
  if (spec === undefined) return nextWords(typed);
  const before = typed.at(-1) ?? "";
  const awaiting = spec.flags.find(({ name, value }) => `--${name}` === before && value !== null);
  if (awaiting !== undefined) return namesFor(awaiting.value ?? "", state);
  if (partial.startsWith("-")) {
    return spec.flags.map(({ name, help }) => ({ text: `--${name}`, help }));
  }
  return namesFor(spec.args, state);
}

function startsWithPath(typed: readonly string[], path: string): boolean {
  return path.split(" ").every((word, i) => typed[i] === word);
}

/** The words that lead on from a path typed in part, such as `fault`. */
function nextWords(typed: readonly string[]): Candidate[] {
  const prefix = `${typed.join(" ")} `;
  return commandTable
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, help }) => ({ text: path.slice(prefix.length).split(" ")[0] ?? "", help }));
}

/** Live names for a placeholder such as `TARGET...`, `STREAM` or `explicit|double|none`. */
function namesFor(placeholder: string, state: CompletionState): Candidate[] {
  const plain = (names: readonly string[]): Candidate[] =>
    names.map((text) => ({ text, help: "" }));
  if (/^[a-z-]+(\|[a-z-]+)+$/.test(placeholder)) return plain(placeholder.split("|"));
  if (/TARGET|SERVER|HOST|\bA B\b/.test(placeholder))
    return [...plain(state.hosts), ...selectors(state)];
  if (/STREAM/.test(placeholder)) return plain(state.streams.map(({ name }) => name));
  if (/CONSUMER/.test(placeholder)) return plain(state.streams.flatMap((s) => s.consumers));
  if (/SUBJECT/.test(placeholder)) return plain(state.streams.flatMap((s) => s.subjects));
  if (/LESSON/.test(placeholder)) return plain(state.lessons ?? []);
  if (/NAME/.test(placeholder)) return plain([...state.actors, ...state.hosts]);
  return [];
}

function selectors(state: CompletionState): Candidate[] {
  const ofStreams = state.streams.flatMap(({ name }) => [
    { text: `leader:${name}`, help: "the server that leads this stream" },
    { text: `follower:${name}:1`, help: "the first of the servers that follow it" },
    { text: `not:leader:${name}`, help: "every server but that one" },
  ]);
  return [
    { text: "meta-leader", help: "the server that places streams" },
    { text: "all", help: "every server" },
    { text: "down", help: "every server that does not run" },
    { text: "frozen", help: "every server that stands still" },
    { text: "unpowered", help: "every server without power" },
    ...ofStreams,
  ];
}
