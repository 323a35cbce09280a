/** WebSocket frames (RFC 6455) as a server reads and writes them. */
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";

/** What a client's frames bring. Throws nothing: a wrong frame ends in `onViolation`. */
export interface FrameSink {
  /** Bytes of a text or binary message, or of one of its fragments. */
  onData(bytes: Uint8Array): void;
  onPing(payload: Uint8Array): void;
  onClose(payload: Uint8Array): void;
  onViolation(): void;
}

export interface FrameReader {
  /** Bytes of a frame that is not complete. */
  held: Buffer;
  /** In the middle of a compressed message: its fragments so far. */
  compressed: Buffer[] | null;
  inMessage: boolean;
  ended: boolean;
}

const opContinuation = 0;
const opText = 1;
const opBinary = 2;
const opClose = 8;
const opPing = 9;
const opPong = 10;
const finalBit = 0x80;
const compressedBit = 0x40;

/** Smaller messages are not worth it. Source: nats-server `wsCompressThreshold`. */
const compressBytesMin = 64;
/** What a deflate flush ends in, which the wire leaves out (RFC 7692). */
const flushTail = Buffer.from([0x00, 0x00, 0xff, 0xff]);

export function createFrameReader(): FrameReader {
  return { held: Buffer.alloc(0), compressed: null, inMessage: false, ended: false };
}

/** Reads what has arrived; incomplete frames wait for more. */
export function readFrames(reader: FrameReader, chunk: Buffer, sink: FrameSink): void {
  reader.held = reader.held.length === 0 ? chunk : Buffer.concat([reader.held, chunk]);
  while (!reader.ended) {
    const used = readFrame(reader, reader.held, sink);
    if (used === 0) return;
    reader.held = reader.held.subarray(used);
  }
}

/** One unmasked binary frame; compressed when that was agreed on and pays. */
export function dataFrame(payload: Uint8Array, compress: boolean): Buffer {
  if (!compress || payload.length <= compressBytesMin) {
    return frame(finalBit | opBinary, payload);
  }
  const flushed = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH });
  const body = flushed.subarray(0, flushed.length - flushTail.length);
  return frame(finalBit | compressedBit | opBinary, body);
}

export function pongFrame(payload: Uint8Array): Buffer {
  return frame(finalBit | opPong, payload);
}

export function closeFrame(payload: Uint8Array): Buffer {
  return frame(finalBit | opClose, payload);
}

/** The body of a close frame: status and reason. */
export function closeBody(status: number, reason: string): Buffer {
  const body = Buffer.alloc(2 + Buffer.byteLength(reason));
  body.writeUInt16BE(status, 0);
  body.write(reason, 2);
  return body;
}

/** How many bytes the first frame took; 0 when it is not complete. */
function readFrame(reader: FrameReader, bytes: Buffer, sink: FrameSink): number {
  if (bytes.length < 2) return 0;
  const first = bytes[0] ?? 0;
  const second = bytes[1] ?? 0;
  const op = first & 0x0f;
  const isControl = op >= opClose;
  const isMasked = (second & 0x80) !== 0;
  const isFinal = (first & finalBit) !== 0;
  if (!isMasked || !isKnown(reader, op) || (isControl && (!isFinal || (second & 0x7f) > 125))) {
    return violation(reader, sink);
  }
  let length = second & 0x7f;
  let at = 2;
  if (length === 126) {
    if (bytes.length < 4) return 0;
    length = bytes.readUInt16BE(2);
    at = 4;
  } else if (length === 127) {
    if (bytes.length < 10) return 0;
    length = Number(bytes.readBigUInt64BE(2));
    at = 10;
  }
  const end = at + 4 + length;
  if (bytes.length < end) return 0;
  const payload = unmask(bytes.subarray(at, at + 4), bytes.subarray(at + 4, end));
  if (isControl) onControl(reader, op, payload, sink);
  else onPart(reader, first, payload, sink);
  return end;
}

/** A continuation needs a message to continue; a new message must not interrupt one. */
function isKnown(reader: FrameReader, op: number): boolean {
  if (op === opContinuation) return reader.inMessage;
  if (op === opText || op === opBinary) return !reader.inMessage;
  return op === opClose || op === opPing || op === opPong;
}

function onControl(reader: FrameReader, op: number, payload: Buffer, sink: FrameSink): void {
  if (op === opPing) sink.onPing(payload);
  if (op !== opClose) return;
  reader.ended = true;
  sink.onClose(payload);
}

function onPart(reader: FrameReader, first: number, payload: Buffer, sink: FrameSink): void {
  const isFinal = (first & finalBit) !== 0;
  if ((first & compressedBit) !== 0) reader.compressed = [];
  reader.inMessage = !isFinal;
  if (reader.compressed === null) {
    sink.onData(payload);
    return;
  }
  reader.compressed.push(payload);
  if (!isFinal) return;
  const whole = Buffer.concat([...reader.compressed, flushTail]);
  reader.compressed = null;
  try {
    sink.onData(inflateRawSync(whole, { finishFlush: constants.Z_SYNC_FLUSH }));
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    violation(reader, sink);
  }
}

function violation(reader: FrameReader, sink: FrameSink): number {
  reader.ended = true;
  sink.onViolation();
  return 0;
}

function unmask(key: Buffer, masked: Buffer): Buffer {
  const plain = Buffer.allocUnsafe(masked.length);
  const [a = 0, b = 0, c = 0, d = 0] = key;
  const keys = [a, b, c, d];
  for (let i = 0; i < masked.length; i++) plain[i] = (masked[i] ?? 0) ^ (keys[i & 3] ?? 0);
  return plain;
}

function frame(first: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const head = length < 126 ? 2 : length < 0x1_0000 ? 4 : 10;
  const made = Buffer.allocUnsafe(head + length);
  made[0] = first;
  if (head === 2) made[1] = length;
  else if (head === 4) {
    made[1] = 126;
    made.writeUInt16BE(length, 2);
  } else {
    made[1] = 127;
    made.writeBigUInt64BE(BigInt(length), 2);
  }
  made.set(payload, head);
  return made;
}
