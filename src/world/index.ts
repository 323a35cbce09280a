/** The world room: hosts, connections, disks, faults, taps, ledger, expectations and commands. */

export { provideZones } from "../jetstream/index.ts";
export {
  backupPartsAreWanted,
  provideBackupParts,
  provideClusterParts,
  provideConfParts,
  provideJetStreamParts,
  provideMonitoringParts,
} from "../server/index.ts";
export type { ActorInput, ActorRecord, PublisherPlan, WorkerPlan } from "./actors.ts";
export { clearActorTimer, setActorTimer } from "./actors.ts";
export { isWorldLine, worldCommand } from "./commands/run-line.ts";
export { commandTable } from "./commands/table.ts";
export { needsClusterParts } from "./commands/topology.ts";
export type { Conn, Segment } from "./conns.ts";
export { dial } from "./dial.ts";
export { unsyncedBytes } from "./disk.ts";
export {
  checkPredicate,
  evaluatePredicate,
  expressionText,
  needsPredicates,
  type PlainValue,
  predicatesAreHere,
  providePredicates,
  rememberWas,
} from "./expect/predicate.ts";
export type { Host, Listener } from "./host.ts";
export { deskName, deskServers, serverHosts } from "./host.ts";
export { ledgerView } from "./ledger/ledger.ts";
export type { LessonNote, LessonReply } from "./lesson-notes.ts";
export { needsJetStreamParts, needsMonitoringParts, needsZones } from "./needed-parts.ts";
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
  TerminalPatch,
  TerminalView,
} from "./processes/request.ts";
export { exitOfSignal } from "./processes/spawn.ts";
export {
  submitEnd,
  submitKeys,
  submitLine,
  submitResize,
  submitSignal,
} from "./processes/submit.ts";
export type { TerminalState } from "./processes/terminal.ts";
export { ensureTerminal, homeFolder, isBusy, writtenBy } from "./processes/terminal.ts";
export type { ProcessEffect, ProcessInput, Turn } from "./processes/turn.ts";
export { advertise, askMonitor } from "./real-ports.ts";
export { runNextEvent } from "./run.ts";
export { cleanClose, closeConn, sendBytes } from "./send.ts";
export { needsConfParts } from "./server-file.ts";
export { qualifiedName } from "./state/account.ts";
export { stateObject } from "./state/state-object.ts";
export { worldHash } from "./state/world-hash.ts";
export type { Flight, Trace, TraceEntry } from "./trace.ts";
export { createTrace, readTrace, releaseTrace } from "./trace.ts";
export type { Doors, World, WorldOptions } from "./world.ts";
export { createDoors, createWorld } from "./world.ts";
