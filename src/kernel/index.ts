/** The kernel's public face. */
export { AssertionError, assert, unreachable } from "./assert.ts";
export {
  type ByteLog,
  byteLogAppend,
  byteLogDropBefore,
  byteLogRead,
  byteLogSize,
  createByteLog,
} from "./byte-log.ts";
export {
  addCheckpoint,
  type Checkpoint,
  type Checkpoints,
  checkpointIsDue,
  checkpointWithin,
  createCheckpoints,
  dropCheckpointsBefore,
  forkCheckpoints,
} from "./checkpoints.ts";
export { type Cell, createCell, fork, forkMeasured, ownCell } from "./fork.ts";
export { stateHash } from "./hash.ts";
export {
  compareStamps,
  formatStamp,
  type JournalEntry,
  type JournalKind,
  parseNanos,
  parseStamp,
  type Stamp,
} from "./journal.ts";
export {
  advanceTo,
  beginAt,
  clearOwner,
  clearTimer,
  createKernel,
  type Kernel,
  nextEvent,
  nextEventAt,
  type SimEvent,
  schedule,
  setTimer,
  takeEvent,
  timerAt,
} from "./kernel.ts";
export {
  createLog,
  logDropBefore,
  logEach,
  logEnd,
  logFirst,
  logGet,
  logPush,
  logSet,
  logTruncate,
} from "./log.ts";
export type { Log } from "./log-chunks.ts";
export {
  createNumberLog,
  type NumberLog,
  numberLogDropBefore,
  numberLogEnd,
  numberLogGet,
  numberLogPush,
  numberLogSet,
} from "./number-log.ts";
export { compareStrings, sortedBy, sortedKeys } from "./order.ts";
export {
  createPace,
  fitSpeed,
  type Pace,
  paceTarget,
} from "./pace.ts";
export {
  createRandom,
  type DrawRecord,
  drawBelow,
  drawBetween,
  drawU32,
  firstDifferentDraw,
  type RandomStreams,
} from "./random.ts";
export {
  createSeqSet,
  type SeqSet,
  seqSetAdd,
  seqSetEach,
  seqSetHas,
  seqSetRemove,
} from "./seq-set.ts";
export {
  addToStoredTime,
  civilFromDays,
  compareStoredTime,
  daysFromCivil,
  epochSeconds,
  formatStoredTime,
  parseStoredTime,
  type StoredTime,
  storedTimeAt,
  virtualAt,
  zeroStoredTime,
} from "./stored-time.ts";
export {
  createTable,
  type Table,
  tableDelete,
  tableGet,
  tableHas,
  tableSet,
  tableSize,
} from "./table.ts";
export {
  tableEach,
  tableFirst,
  tableFloor,
  tableHigher,
  tableKeys,
  tableLast,
} from "./table-order.ts";
export {
  type ConsumerSeq,
  type DurationNanos,
  type Index,
  index,
  micros,
  millis,
  minus,
  minutes,
  nanos,
  plus,
  type StreamSeq,
  seconds,
  streamSeq,
  type Term,
  term,
  type VirtualNanos,
  virtualNanos,
  worldStart,
} from "./units.ts";
