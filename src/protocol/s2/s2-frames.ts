/**
 * The framing of S2: a stream is an identifier and chunks, each with its checksum. What is written
 * here is read by nats-server and `nats`, and the other way round.
 * Source: the Snappy framing format; Go package `klauspost/compress/s2`.
 *
 *     type:1  length:3  | crc:4  data          types 0 (block) and 1 (as it is)
 *     0xff    6         | "S2sTwO"             the identifier; Snappy's is "sNaPpY"
 *     0x80…   length    | anything             skipped
 */
import { concatBytes, decodeText, encodeText } from "../text.ts";
import { maskedCrc32c } from "./crc32c.ts";
import { blockMax, corruptS2, decodeBlock, S2Error } from "./s2-decode.ts";
import { encodeBlock } from "./s2-encode.ts";

const magicS2 = "S2sTwO";
const magicSnappy = "sNaPpY";
const identifierType = 0xff;
const headSize = 4;
const checkSize = 4;

/** What a stream begins with. */
export function s2Identifier(magic = magicS2): Uint8Array {
  return concatBytes([chunkHead(identifierType, magic.length), encodeText(magic)]);
}

const snappyChunkMax = 65_536;

/** A whole stream that readers of Snappy alone understand too. Source: `s2.WriterSnappyCompat`. */
export function encodeSnappy(plain: Uint8Array): Uint8Array {
  const parts = [s2Identifier(magicSnappy)];
  for (let at = 0; at < plain.length; at += snappyChunkMax) {
    parts.push(encodeS2Chunk(plain.subarray(at, at + snappyChunkMax)));
  }
  return concatBytes(parts);
}

/** One chunk of up to 1 MiB, compressed where that makes it shorter. */
export function encodeS2Chunk(plain: Uint8Array): Uint8Array {
  const block = encodeBlock(plain);
  const data = block ?? plain;
  const check = new Uint8Array(checkSize);
  putNumber(check, 0, maskedCrc32c(plain));
  return concatBytes([chunkHead(block === null ? 1 : 0, data.length + checkSize), check, data]);
}

export interface S2Part {
  readonly plain: Uint8Array;
  /** The beginning of a chunk whose rest is still to come. */
  readonly rest: Uint8Array;
  readonly isBegun: boolean;
}

/**
 * Reads as many whole chunks as there are. `isBegun` says whether the identifier was seen, and is
 * handed over to the next call together with `rest`. Throws `S2Error`.
 */
export function decodeS2(bytes: Uint8Array, isBegun: boolean): S2Part {
  const parts: Uint8Array[] = [];
  let begun = isBegun;
  let at = 0;
  while (at + headSize <= bytes.length) {
    const type = bytes[at] ?? 0;
    const length = numberAt(bytes, at + 1, 3);
    if (!begun && type !== identifierType) throw corruptS2();
    if (type >= 0x02 && type <= 0x7f) throw new S2Error("s2: unsupported input");
    if (type <= 0x01 && length < checkSize) throw corruptS2();
    const body = at + headSize;
    if (body + length > bytes.length) break;
    const data = bytes.subarray(body, body + length);
    if (type === identifierType) checkIdentifier(data);
    else if (type <= 0x01) parts.push(decodeChunk(data, type === 0));
    begun = true;
    at = body + length;
  }
  return { plain: concatBytes(parts), rest: bytes.slice(at), isBegun: begun };
}

function decodeChunk(data: Uint8Array, isBlock: boolean): Uint8Array {
  const body = data.subarray(checkSize);
  if (!isBlock && body.length > blockMax) throw corruptS2();
  const plain = isBlock ? decodeBlock(body) : body;
  if (maskedCrc32c(plain) !== numberAt(data, 0, checkSize)) {
    throw new S2Error("s2: corrupt input, crc mismatch");
  }
  return plain;
}

function checkIdentifier(data: Uint8Array): void {
  const text = decodeText(data);
  if (text !== magicS2 && text !== magicSnappy) throw corruptS2();
}

function chunkHead(type: number, length: number): Uint8Array {
  const head = new Uint8Array(headSize);
  head[0] = type;
  for (let i = 0; i < 3; i++) head[1 + i] = (length >>> (8 * i)) & 0xff;
  return head;
}

function putNumber(into: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) into[at + i] = (value >>> (8 * i)) & 0xff;
}

function numberAt(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}
