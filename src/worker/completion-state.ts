/** What can be named at this moment, for the shell's completion. */
import { tableEach } from "../kernel/index.ts";
import type { CompletionState } from "../shell/index.ts";
import { deskName, homeFolder, type World } from "../world/index.ts";
import { allStreams } from "./views/assets.ts";

export function completionState(world: World, tty: string): CompletionState {
  const terminal = world.terminals.get(tty);
  const files: { path: string; folder: boolean }[] = [];
  const desk = world.hosts.get(deskName);
  if (desk !== undefined) {
    tableEach(desk.files, (file, path) => {
      files.push({ path, folder: file.folder });
    });
  }
  return {
    cwd: terminal?.cwd ?? homeFolder,
    home: homeFolder,
    variables: (terminal?.env ?? []).map(([name]) => name),
    functions: [],
    files,
    hosts: [...world.hosts.values()].filter((h) => h.kind === "server").map((h) => h.name),
    actors: [...world.actors.keys()],
    streams: allStreams(world).map(({ name, state, consumers }) => ({
      name,
      subjects: state.config.subjects,
      consumers: [...consumers.keys()],
    })),
    buckets: [],
  };
}
