/** Words of a `nats` command: its grammar first, then the names that live in the world. */
import type { Candidate, CompletionState } from "./complete.ts";
import { completeWords } from "./grammar/complete.ts";
import { natsGrammar } from "./loaded-programs.ts";

/** `words` without `nats`; the last one is what is typed so far. */
export function completeNats(words: readonly string[], state: CompletionState): Candidate[] {
  const grammar = natsGrammar();
  const known = grammar === null ? [] : completeWords(grammar, words);
  return [...known, ...liveNames(words, state)];
}

const namesByFlag: Readonly<Record<string, (state: CompletionState) => readonly string[]>> = {
  "--stream": streamNames,
  "--consumer": (state) => state.streams.flatMap(({ consumers }) => consumers),
  "--durable": (state) => state.streams.flatMap(({ consumers }) => consumers),
  "--bucket": (state) => state.buckets,
};

function streamNames(state: CompletionState): readonly string[] {
  return state.streams.map(({ name }) => name);
}

function liveNames(words: readonly string[], state: CompletionState): Candidate[] {
  const before = words.at(-2) ?? "";
  const byFlag = Object.hasOwn(namesByFlag, before) ? namesByFlag[before] : undefined;
  const names = byFlag === undefined ? namesByPlace(words, state) : byFlag(state);
  return names.map((text) => ({ text, help: "" }));
}

function namesByPlace(words: readonly string[], state: CompletionState): readonly string[] {
  const operands = words.slice(0, -1).filter((word) => !word.startsWith("-"));
  const [family = "", , stream] = operands;
  switch (family) {
    case "stream":
    case "s":
    case "str":
      return operands.length === 2 ? streamNames(state) : [];
    case "consumer":
    case "con":
    case "c":
      if (operands.length === 2) return streamNames(state);
      return state.streams.find(({ name }) => name === stream)?.consumers ?? [];
    case "kv":
    case "object":
    case "obj":
      return operands.length === 2 ? state.buckets : [];
    case "pub":
    case "publish":
    case "sub":
    case "subscribe":
    case "request":
    case "req":
    case "reply":
      return operands.length === 1 ? subjects(state) : [];
    default:
      return [];
  }
}

function subjects(state: CompletionState): string[] {
  return state.streams.flatMap((stream) => stream.subjects);
}
