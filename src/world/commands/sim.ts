/** `sim`: what time it is, a note for the trace, the hash of the state. */
import { formatStoredTime, storedTimeAt } from "../../kernel/index.ts";
import { recordWorld } from "../record.ts";
import { worldHash } from "../state/world-hash.ts";
import type { Call, WorldCommandSpec } from "./grammar.ts";
import { UsageError } from "./usage-error.ts";
import { formatDuration } from "./values.ts";

export const simCommands: readonly WorldCommandSpec[] = [
  {
    path: "sim time",
    args: "",
    argsMin: 0,
    argsMax: 0,
    flags: [],
    help: "Shows the virtual time.",
    example: "sim time",
    run: ({ world }) => {
      const { now } = world.kernel;
      return `${formatStoredTime(storedTimeAt(now))} (${formatDuration(now)} since the start)\n`;
    },
  },
  {
    path: "sim seed",
    args: "",
    argsMin: 0,
    argsMax: 0,
    flags: [],
    help: "Shows the seed that every draw of chance comes from.",
    example: "sim seed",
    run: ({ world }) => `${world.kernel.seed}\n`,
  },
  {
    path: "sim hash",
    args: "",
    argsMin: 0,
    argsMax: 0,
    flags: [],
    help: "Shows the hash of the whole state: equal runs have equal hashes.",
    example: "sim hash",
    run: ({ world }) => `${worldHash(world)}\n`,
  },
  {
    path: "sim note",
    args: "TEXT...",
    argsMin: 1,
    argsMax: 1_000,
    flags: [],
    help: "Puts a note into the trace, for whoever reads it.",
    example: "sim note 'the leader dies here'",
    run: runNote,
  },
  {
    path: "sim wait",
    args: "DURATION",
    argsMin: 1,
    argsMax: 1,
    flags: [],
    help: "Waits in virtual time before the next command of the line.",
    example: "sim wait 5s",
    run: () => {
      throw new UsageError("waits only at a terminal, where a process can wait");
    },
  },
];

function runNote({ world, doors, args }: Call): string {
  const detail = args.join(" ");
  recordWorld(world, doors.trace, { host: "", kind: "note", subject: "", detail });
  return "";
}
