/** Every program of the sandbox, by the name that starts it. */
import type { Program } from "../clients/index.ts";
import { helpFor } from "./commands/help.ts";
import { natsServerProgram } from "./commands/nats-server.ts";
import { notSimulated } from "./commands/not-simulated.ts";
import { worldFamilies, worldProgram } from "./commands/world/programs.ts";
import { builtins } from "./language/builtins/table.ts";
import { shellProgram } from "./language/program.ts";
import type { CommandTable } from "./language/shell.ts";
import { natsProgram, textToolPrograms, whichProgram } from "./loaded-programs.ts";

/** Makes the programs; `more` are those of other rooms of the shell, such as `nats`. */
export function createPrograms(
  more: Readonly<Record<string, Program>> = {},
): Readonly<Record<string, Program>> {
  const programs: Record<string, Program> = { ...more, ...textToolPrograms() };
  programs["nats-server"] = natsServerProgram;
  for (const family of worldFamilies) programs[family] = worldProgram(family);
  const names = new Set([...Object.keys(programs), "sh", "which"]);
  const table: CommandTable = {
    programs: names,
    builtins: new Set(Object.keys(builtins)),
    notSimulated,
    help: helpFor,
  };
  programs.which = whichProgram(() => names);
  programs.sh = shellProgram(table);
  return programs;
}

/** The programs of a session: what ProcessHost is given. */
export const programs: Readonly<Record<string, Program>> = createPrograms({ nats: natsProgram });
