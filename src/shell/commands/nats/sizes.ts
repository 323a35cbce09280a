// Sizes in bytes as people type them.

import { CommandError } from "../../grammar/errors.ts";
import { comma } from "../../render/numbers.ts";

const kibi = 1024;
const mebi = kibi * 1024;
const gibi = mebi * 1024;
const tebi = gibi * 1024;

const bytesPerUnit: Readonly<Record<string, number>> = {
  B: 1,
  K: kibi,
  KB: kibi,
  KIB: kibi,
  M: mebi,
  MB: mebi,
  MIB: mebi,
  G: gibi,
  GB: gibi,
  GIB: gibi,
  T: tebi,
  TB: tebi,
  TIB: tebi,
};

/**
 * Bytes of `1MB`, `512k`, `100`; -1 for "" and anything negative.
 * Throws CommandError. Source: natscli v0.4.0 `ParseStringAsBytes`.
 */
export function parseBytes(text: string, bits: 32 | 64): number {
  const trimmed = text.trim();
  if (text === "" || trimmed.startsWith("-")) return -1;
  const limit = 1n << BigInt(bits - 1);
  if (/^\+?\d+$/.test(trimmed) && BigInt(trimmed) < limit) return Number(trimmed);
  const match = /^(\d+)(\w+)/.exec(trimmed);
  const invalid = new CommandError(
    `invalid bytes specification ${trimmed}: bytes must end in B, K, KB, M, MB, G, GB, T or TB`,
  );
  if (!match) throw invalid;
  const [, digits = "", unit = ""] = match;
  if (BigInt(digits) >= limit) {
    const most = comma(limit - 1n);
    throw new CommandError(`bytes value out of allowed range: maximum value ${most}`);
  }
  const size = bytesPerUnit[unit.toUpperCase()];
  if (size === undefined) throw invalid;
  return Number(digits) * size;
}

/** Subjects of flags, each of which may hold several, apart by commas or blanks. */
export function splitSubjects(texts: readonly string[]): string[] {
  return texts.flatMap((text) => (/[,\s]/.test(text) ? splitList(text) : [text]));
}

export function splitList(text: string): string[] {
  return text.split(/[,\s]+/u).filter((word) => word !== "");
}
