// Sizes in bytes as people type them.

import { CommandError } from "../../grammar/errors.ts";
import { comma } from "../../render/numbers.ts";

const powers: Readonly<Record<string, number>> = {
  B: 0,
  K: 10,
  KB: 10,
  KIB: 10,
  M: 20,
  MB: 20,
  MIB: 20,
  G: 30,
  GB: 30,
  GIB: 30,
  T: 40,
  TB: 40,
  TIB: 40,
};

/**
 * Bytes of `1MB`, `512k`, `100`; -1 for "" and anything negative.
 * Throws CommandError. Source: natscli v0.4.0 `ParseStringAsBytes`.
 */
export function parseBytes(text: string, bits: 32 | 64): number {
  const trimmed = text.trim();
  if (text === "" || trimmed.startsWith("-")) return -1;
  const limit = bits === 32 ? 2n ** 31n : 2n ** 63n;
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
  const power = powers[unit.toUpperCase()];
  if (power === undefined) throw invalid;
  return Number(digits) * 2 ** power;
}

/** Subjects of flags, each of which may hold several, apart by commas or blanks. */
export function splitSubjects(texts: readonly string[]): string[] {
  return texts.flatMap((text) => (/[,\s]/.test(text) ? splitList(text) : [text]));
}

export function splitList(text: string): string[] {
  return text.split(/[,\s]+/u).filter((word) => word !== "");
}
