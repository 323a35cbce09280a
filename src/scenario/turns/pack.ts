/**
 * Plain data as bytes: small numbers take one byte, the names of an object's fields are written
 * once for all objects of its shape, a text once for all its uses.
 *
 *     value   := tag [content]
 *     integer := varint of the zigzag number      shape := varint, or the next number and its names
 */
import { AssertionError, assert } from "../../kernel/index.ts";

const tagNull = 0;
const tagUndefined = 1;
const tagFalse = 2;
const tagTrue = 3;
const tagInteger = 4;
const tagDouble = 5;
const tagText = 6;
const tagBytes = 7;
const tagList = 8;
const tagObject = 9;

const nul = "\u0000";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Writer {
  bytes: Uint8Array;
  at: number;
  readonly texts: Map<string, number>;
  readonly shapes: Map<string, number>;
}

/** Packs null, booleans, numbers, texts, Uint8Arrays, lists and plain objects of these. */
export function packValue(value: unknown): Uint8Array {
  const writer: Writer = {
    bytes: new Uint8Array(4_096),
    at: 0,
    texts: new Map(),
    shapes: new Map(),
  };
  writeValue(writer, value);
  return writer.bytes.slice(0, writer.at);
}

function writeValue(writer: Writer, value: unknown): void {
  if (value === null) return writeByte(writer, tagNull);
  switch (typeof value) {
    case "undefined":
      return writeByte(writer, tagUndefined);
    case "boolean":
      return writeByte(writer, value ? tagTrue : tagFalse);
    case "number":
      return writeNumber(writer, value);
    case "string":
      writeByte(writer, tagText);
      return writeText(writer, value);
    case "object":
      return writeObject(writer, value);
    default:
      throw new AssertionError(`a ${typeof value} among plain data`);
  }
}

function writeNumber(writer: Writer, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    writeByte(writer, tagInteger);
    // Zigzag without losing the 53rd bit: the sign goes first, in the lowest digit.
    const size = Math.abs(value);
    const high = Math.floor(size / 64);
    writeByte(writer, (value < 0 ? 64 : 0) + (high > 0 ? 128 : 0) + (size % 64));
    if (high > 0) writeCount(writer, high);
    return;
  }
  writeByte(writer, tagDouble);
  ensureRoom(writer, 8);
  new DataView(writer.bytes.buffer).setFloat64(writer.at, value, true);
  writer.at += 8;
}

function writeObject(writer: Writer, value: object): void {
  if (value instanceof Uint8Array) {
    writeByte(writer, tagBytes);
    writeBytes(writer, value);
  } else if (Array.isArray(value)) {
    writeByte(writer, tagList);
    writeCount(writer, value.length);
    for (const one of value) writeValue(writer, one);
  } else {
    const kind = Object.getPrototypeOf(value);
    assert(kind === Object.prototype || kind === null, "an instance of a class among plain data");
    writeByte(writer, tagObject);
    const names = Object.keys(value);
    writeShape(writer, names);
    for (const name of names) writeValue(writer, (value as Record<string, unknown>)[name]);
  }
}

function writeShape(writer: Writer, names: readonly string[]): void {
  const { shapes } = writer;
  // With the number in front no two shapes have one key: names that are known hold no NUL.
  const key = `${names.length}${nul}${names.join(nul)}`;
  const known = shapes.get(key);
  writeCount(writer, known ?? shapes.size);
  if (known !== undefined) return;
  for (const name of names) assert(!name.includes(nul), "a NUL in the name of a field");
  shapes.set(key, shapes.size);
  writeCount(writer, names.length);
  for (const name of names) writeText(writer, name);
}

function writeText(writer: Writer, text: string): void {
  const { texts } = writer;
  const known = texts.get(text);
  writeCount(writer, known ?? texts.size);
  if (known !== undefined) return;
  texts.set(text, texts.size);
  writeBytes(writer, encoder.encode(text));
}

function writeBytes(writer: Writer, bytes: Uint8Array): void {
  writeCount(writer, bytes.length);
  ensureRoom(writer, bytes.length);
  writer.bytes.set(bytes, writer.at);
  writer.at += bytes.length;
}

/** A whole number from 0 on, seven bits a byte, the lowest first. */
function writeCount(writer: Writer, count: number): void {
  let rest = count;
  for (; rest >= 128; rest = Math.floor(rest / 128)) writeByte(writer, 128 + (rest % 128));
  writeByte(writer, rest);
}

function writeByte(writer: Writer, byte: number): void {
  if (writer.at === writer.bytes.length) ensureRoom(writer, 1);
  writer.bytes[writer.at] = byte;
  writer.at += 1;
}

function ensureRoom(writer: Writer, more: number): void {
  if (writer.at + more <= writer.bytes.length) return;
  const grown = new Uint8Array(Math.max(writer.bytes.length * 2, writer.at + more));
  grown.set(writer.bytes);
  writer.bytes = grown;
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
  readonly texts: string[];
  readonly shapes: (readonly string[])[];
}

/** The value that was packed. */
export function unpackValue(bytes: Uint8Array): unknown {
  return readValue({ bytes, at: 0, texts: [], shapes: [] });
}

function readValue(reader: Reader): unknown {
  const tag = readByte(reader);
  switch (tag) {
    case tagNull:
      return null;
    case tagUndefined:
      return undefined;
    case tagFalse:
      return false;
    case tagTrue:
      return true;
    case tagInteger: {
      const head = readByte(reader);
      const size = (head % 64) + (head >= 128 ? readCount(reader) * 64 : 0);
      return head % 128 >= 64 ? -size : size;
    }
    case tagDouble: {
      const { buffer, byteOffset } = reader.bytes;
      reader.at += 8;
      return new DataView(buffer, byteOffset).getFloat64(reader.at - 8, true);
    }
    case tagText:
      return readText(reader);
    case tagBytes:
      return readBytes(reader);
    case tagList:
      return Array.from({ length: readCount(reader) }, () => readValue(reader));
    case tagObject:
      return readObject(reader);
    default:
      throw new AssertionError(`tag ${tag} among packed data`);
  }
}

function readObject(reader: Reader): object {
  const value: Record<string, unknown> = {};
  for (const name of readShape(reader)) value[name] = readValue(reader);
  return value;
}

function readShape(reader: Reader): readonly string[] {
  const number = readCount(reader);
  const known = reader.shapes[number];
  if (known !== undefined) return known;
  const names = Array.from({ length: readCount(reader) }, () => readText(reader));
  reader.shapes.push(names);
  return names;
}

function readText(reader: Reader): string {
  const number = readCount(reader);
  const known = reader.texts[number];
  if (known !== undefined) return known;
  const text = decoder.decode(readBytes(reader));
  reader.texts.push(text);
  return text;
}

function readBytes(reader: Reader): Uint8Array {
  const length = readCount(reader);
  reader.at += length;
  return reader.bytes.slice(reader.at - length, reader.at);
}

function readCount(reader: Reader): number {
  let count = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = readByte(reader);
    count += (byte % 128) * scale;
    if (byte < 128) return count;
  }
}

function readByte(reader: Reader): number {
  const byte = reader.bytes[reader.at];
  assert(byte !== undefined, "packed data ends too early");
  reader.at += 1;
  return byte;
}
