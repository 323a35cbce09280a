/** The arguments of one control line, found in place. */
import { decodeText } from "./text.ts";

/** Bounds of the arguments of the line at hand: scratch, filled and used within one call. */
const argumentsMax = 6;
const argumentBounds = new Int32Array(argumentsMax * 2);
/** How many arguments the line has; those beyond the sixth are counted only. */
export let argumentCount = 0;

/** The part of a line that is looked at. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Blanks and tabs part arguments. A stray CR parts those of SUB and UNSUB too (`splitArg`), and
 * belongs to one of PUB (`processPub`): `part` is the byte that parts as a blank does.
 */
export function splitArguments(line: Uint8Array, { start, end }: Span, part = 0x20): void {
  argumentCount = 0;
  let from = -1;
  for (let i = start; i <= end; i++) {
    const byte = i < end ? line[i] : 0x20;
    if (byte !== 0x20 && byte !== 0x09 && byte !== part) {
      if (from < 0) from = i;
    } else if (from >= 0) {
      if (argumentCount < argumentsMax) {
        argumentBounds[argumentCount * 2] = from;
        argumentBounds[argumentCount * 2 + 1] = i;
      }
      argumentCount++;
      from = -1;
    }
  }
}

export function argument(line: Uint8Array, index: number): string {
  return decodeText(line, argumentBounds[index * 2], argumentBounds[index * 2 + 1]);
}

/** One to nine digits; -1 for anything else. Source: nats-server `parseSize`. */
export function argumentSize(line: Uint8Array, index: number): number {
  const start = argumentBounds[index * 2] ?? 0;
  const end = argumentBounds[index * 2 + 1] ?? 0;
  if (end - start > 9) return -1;
  let size = 0;
  for (let i = start; i < end; i++) {
    const digit = (line[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    size = size * 10 + digit;
  }
  return size;
}
