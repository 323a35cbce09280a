/** What can be named in a world at this moment, gathered for completion. */
import { tableEach } from "../kernel/index.ts";
import { stateObject, type World } from "../world/index.ts";
import type { CompletionState, StreamNames } from "./complete.ts";
import { decodeState } from "./language/state.ts";

/** Reads the world and the terminal's own memory; changes nothing. */
export function completionState(world: World, tty: string): CompletionState {
  const terminal = world.terminals.get(tty);
  const env = terminal?.env ?? [];
  const memory = terminal?.shell ? decodeState(terminal.shell, env) : null;
  const streams = streamNames(world);
  return {
    cwd: terminal?.cwd ?? "/",
    home: new Map(env).get("HOME") ?? "/",
    variables: memory === null ? env.map(([name]) => name) : [...memory.variables.keys()],
    functions: memory === null ? [] : [...memory.functions.keys()],
    files: fileNames(world, terminal?.host ?? "desk"),
    hosts: [...world.hosts.values()]
      .filter(({ kind }) => kind === "server")
      .map(({ name }) => name),
    actors: [...world.actors.keys()],
    streams: streams.filter(({ name }) => !/^(KV|OBJ)_/.test(name)),
    buckets: streams.flatMap(({ name }) => /^(?:KV|OBJ)_(.+)$/.exec(name)?.[1] ?? []),
  };
}

function fileNames(world: World, host: string): { path: string; folder: boolean }[] {
  const files = world.hosts.get(host)?.files;
  const names: { path: string; folder: boolean }[] = [];
  if (files === undefined) return names;
  tableEach(files, (row, path) => {
    names.push({ path, folder: row.folder });
  });
  return names;
}

interface StreamDocument {
  readonly config?: { readonly subjects?: readonly string[] };
}

function streamNames(world: World): StreamNames[] {
  const { streams = {}, consumers = {} } = stateObject(world) as {
    readonly streams?: Readonly<Record<string, StreamDocument>>;
    readonly consumers?: Readonly<Record<string, unknown>>;
  };
  const consumerKeys = Object.keys(consumers);
  return Object.keys(streams).map((key) => ({
    name: key.slice(key.indexOf("/") + 1),
    subjects: streams[key]?.config?.subjects ?? [],
    consumers: consumerKeys
      .filter((name) => name.startsWith(`${key}/`))
      .map((name) => name.slice(key.length + 1)),
  }));
}
