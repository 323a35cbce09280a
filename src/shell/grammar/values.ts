// From the text of a flag or argument to its value, with Go's words for what is wrong.

import type { ArgSpec, FlagSpec } from "./define.ts";
import { parseDuration } from "./durations.ts";
import { CommandError } from "./errors.ts";
import type { Value, ValueType } from "./value-types.ts";

/** The value of a flag or argument that was not given and has no default. */
export function emptyValue(type: ValueType): Value {
  switch (type) {
    case "strings":
      return [];
    case "map":
      return {};
    case "switch":
    case "bool":
      return false;
    case "int":
    case "int64":
    case "uint":
    case "duration":
      return 0;
    default:
      return "";
  }
}

/** May the same flag be given twice? */
export function isRepeatable(type: ValueType): boolean {
  return type === "strings" || type === "map";
}

export function isBoolean(type: ValueType): boolean {
  return type === "switch" || type === "bool";
}

/** The type of a flag, or of an argument, which is a string unless it says otherwise. */
export function typeOf(spec: FlagSpec | ArgSpec): ValueType {
  return spec.type ?? "string";
}

/**
 * The value after `text` was set on top of `before` (lists and maps grow).
 * Throws CommandError with Go's text. Source: fisk v0.8.1 values; transcripts/errors.jsonl.
 */
export function setValue(spec: FlagSpec | ArgSpec, before: Value | undefined, text: string): Value {
  const type = typeOf(spec);
  switch (type) {
    case "strings":
      return [...((before as readonly string[] | undefined) ?? []), text];
    case "map":
      return { ...(before as Readonly<Record<string, string>> | undefined), ...parsePair(text) };
    case "switch":
    case "bool":
      return parseBool(text);
    case "int":
      return Math.trunc(parseFloatText(text));
    case "int64":
      return parseInteger(text, "ParseInt");
    case "uint":
      return parseInteger(text, "ParseUint");
    case "duration":
      return parseDuration(text);
    case "enum":
      return parseEnum(spec.values ?? [], text);
    default:
      return text;
  }
}

function parsePair(text: string): Record<string, string> {
  const at = text.search(/[:=]/);
  if (at < 0) throw new CommandError(`expected KEY=VALUE got '${text}'`);
  return { [text.slice(0, at)]: text.slice(at + 1) };
}

function parseBool(text: string): boolean {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
  if (/^(0|f|F|FALSE|false|False)$/.test(text)) return false;
  throw syntaxFault("ParseBool", text);
}

function parseFloatText(text: string): number {
  if (!/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text)) throw syntaxFault("ParseFloat", text);
  return Number(text);
}

function parseInteger(text: string, how: "ParseInt" | "ParseUint"): number {
  const signed = how === "ParseInt";
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9]\d*|0)$/.exec(text);
  if (!match || (!signed && match[1] !== "")) throw syntaxFault(how, text);
  const digits = (match[2] ?? "").replace(/^0(?=[0-7])/, "0o");
  const value = BigInt(digits) * (match[1] === "-" ? -1n : 1n);
  const limit = 1n << (signed ? 63n : 64n);
  if (value >= limit || value < -limit) {
    throw new CommandError(`strconv.${how}: parsing ${JSON.stringify(text)}: value out of range`);
  }
  return Number(value);
}

function syntaxFault(how: string, text: string): CommandError {
  return new CommandError(`strconv.${how}: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function parseEnum(values: readonly string[], text: string): string {
  if (values.includes(text)) return text;
  throw new CommandError(`enum value must be one of ${values.join(",")}, got '${text}'`);
}
