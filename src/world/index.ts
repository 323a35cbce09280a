/** The world room: hosts, connections, disks, faults, taps, ledger, expectations and commands. */
export type {
  ActorCounters,
  ActorInput,
  ActorPlan,
  ActorRecord,
  PublisherPlan,
  WorkerPlan,
} from "./actors.ts";
export { clearActorTimer, setActorTimer, stopActor } from "./actors.ts";
export type { FlagSpec, WorldCommandSpec } from "./commands/grammar.ts";
export { isWorldLine, worldCommand } from "./commands/run-line.ts";
export { commandTable } from "./commands/table.ts";
export { UsageError } from "./commands/usage-error.ts";
export { formatDuration } from "./commands/values.ts";
export type { Conn, ConnPlan, Endpoint, Owner, Pipe, Segment } from "./conns.ts";
export type { Disk, DiskFile } from "./disk.ts";
export { unsyncedBytes } from "./disk.ts";
export type { Direction, WorldEvent } from "./events.ts";
export type { Expectation, ExpectationFailure } from "./expect/expectation.ts";
export type { FileRow, Forward, Host, Listener } from "./host.ts";
export { addHost, deskName, resolveAddress, serverHosts } from "./host.ts";
export type { Break, Ledger } from "./ledger/ledger.ts";
export { ledgerView } from "./ledger/ledger.ts";
export type { Cut, Link } from "./links.ts";
export { freezeHost, killHost, powerOffHost, resumeHost, setConfig, startHost } from "./power.ts";
export { presets, standardServer } from "./presets.ts";
export { applyEffects } from "./processes/effects.ts";
export { normalisePath } from "./processes/files.ts";
export type { Descriptor, ProcessRecord, SignalName } from "./processes/process.ts";
export type {
  CommandResult,
  FileEntry,
  HttpReply,
  ProcessRequest,
  ReplyValue,
  RequestReply,
  SpawnDescriptor,
  SpawnRequest,
  TerminalPatch,
  TerminalView,
} from "./processes/request.ts";
export {
  submitEnd,
  submitKeys,
  submitLine,
  submitResize,
  submitSignal,
} from "./processes/submit.ts";
export type { TerminalCommand, TerminalOptions, TerminalState } from "./processes/terminal.ts";
export { ensureTerminal, homeFolder } from "./processes/terminal.ts";
export type { ProcessEffect, ProcessInput, Turn } from "./processes/turn.ts";
export { runNextEvent } from "./run.ts";
export { cleanClose, closeConn, dial, sendBytes } from "./send.ts";
export { stateObject } from "./state/state-object.ts";
export { worldHash } from "./state/world-hash.ts";
export type { DropKind, DropRule } from "./taps/drop.ts";
export { dropKinds } from "./taps/drop.ts";
export type { Mark } from "./taps/marks.ts";
export type { Flight, FlightKind, Trace, TraceEntry, WorldRecord } from "./trace.ts";
export { createTrace, readTrace } from "./trace.ts";
export type { Before, Doors, World, WorldOptions } from "./world.ts";
export { createDoors, createWorld } from "./world.ts";
