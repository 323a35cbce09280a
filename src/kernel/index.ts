/** The kernel's public face. */
export { AssertionError, assert, unreachable } from "./assert.ts";
export {
  type ByteLog,
  byteLogAppend,
  byteLogDropBefore,
  byteLogEnd,
  byteLogRead,
  byteLogSize,
  createByteLog,
} from "./byte-log.ts";
export {
  addCheckpoint,
  type Checkpoint,
  type Checkpoints,
  checkpointBefore,
  checkpointIsDue,
  checkpointWithin,
  createCheckpoints,
  dropCheckpointsAfter,
} from "./checkpoints.ts";
export { fork } from "./fork.ts";
export { hashPlain, stateHash } from "./hash.ts";
export {
  createHasher,
  finishHash,
  type Hasher,
  type HashWords,
  hashBytes,
  hashHex,
  hashString,
  hashWord,
} from "./hasher.ts";
export {
  compareStamps,
  formatSeconds,
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
  type NumberType,
  numberLogDropBefore,
  numberLogEnd,
  numberLogFirst,
  numberLogGet,
  numberLogPush,
  numberLogSet,
  numberLogTruncate,
} from "./number-log.ts";
export { compareStrings, sortedBy, sortedKeys } from "./order.ts";
export {
  clampSpeed,
  createPace,
  creditMsMax,
  fitSpeed,
  type Pace,
  paceTarget,
  speedMax,
  speedMin,
} from "./pace.ts";
export {
  createRandom,
  type DrawRecord,
  drawBelow,
  drawBetween,
  drawU32,
  firstDifferentDraw,
  type RandomStream,
  type RandomStreams,
} from "./random.ts";
export {
  createSeqSet,
  type SeqSet,
  seqSetAdd,
  seqSetAddRange,
  seqSetCount,
  seqSetEach,
  seqSetHas,
  seqSetNextAbsent,
  seqSetNextPresent,
  seqSetRemove,
  seqSetRemoveBefore,
} from "./seq-set.ts";
export {
  addToStoredTime,
  compareStoredTime,
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
  type TableEntry,
  type TableKey,
  tableDelete,
  tableGet,
  tableHas,
  tableSet,
  tableSize,
} from "./table.ts";
export {
  tableCeiling,
  tableEach,
  tableFirst,
  tableFloor,
  tableHigher,
  tableKeys,
  tableLast,
  tableLower,
  tableValues,
} from "./table-order.ts";
export {
  type Branded,
  type Bytes,
  bytes,
  type ConsumerSeq,
  consumerSeq,
  type DurationNanos,
  hours,
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
