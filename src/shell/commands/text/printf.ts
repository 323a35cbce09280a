/** `printf FORMAT [VALUE...]`: the format is used again until the values are used up. */
import { unescapeText } from "./echo.ts";
import { defineTool } from "./tool.ts";

export interface Formatted {
  readonly text: string;
  /** Values that are not the numbers they should be; each counts as far as it could be read. */
  readonly problems: readonly string[];
}

const directive = /%(?:%|([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?([diouxXcsbqeEfFgG])|.?)/g;

export function formatText(format: string, values: readonly string[]): Formatted {
  const problems: string[] = [];
  const left = [...values];
  let text = "";
  for (;;) {
    const before = left.length;
    const round = formatOnce(format, left, problems);
    text += round.text;
    if (round.stopped || left.length === 0 || left.length === before) return { text, problems };
  }
}

function formatOnce(
  format: string,
  left: string[],
  problems: string[],
): { text: string; stopped: boolean } {
  let text = "";
  let at = 0;
  for (const match of format.matchAll(directive)) {
    const literal = unescapeText(format.slice(at, match.index));
    text += literal.text;
    if (literal.stopped) return { text, stopped: true };
    at = match.index + match[0].length;
    if (match[0] === "%%") text += "%";
    else if (match[4] === undefined) problems.push(`'${match[0]}': invalid directive`);
    else {
      const piece = formatValue(match, left, problems);
      text += piece.text;
      if (piece.stopped) return { text, stopped: true };
    }
  }
  const tail = unescapeText(format.slice(at));
  return { text: text + tail.text, stopped: tail.stopped };
}

interface Shape {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
  readonly kind: string;
}

function formatValue(
  match: RegExpMatchArray,
  left: string[],
  problems: string[],
): { text: string; stopped: boolean } {
  const starred = match[2] === "*" ? toInteger(left.shift() ?? "0", problems) : null;
  const width = starred ?? BigInt(match[2] ?? "0");
  const flags = (match[1] ?? "") + (width < 0n ? "-" : "");
  const hasPrecision = match[0].includes(".");
  const precision = match[3] === "*" ? Number(left.shift() ?? "0") : Number(match[3] ?? "0");
  const shape: Shape = {
    flags,
    width: Number(width < 0n ? -width : width),
    precision: hasPrecision ? precision : null,
    kind: match[4] as string,
  };
  const value = left.shift() ?? "";
  if (shape.kind !== "b") return { text: formatKind(shape, value, problems), stopped: false };
  const { text, stopped } = unescapeText(value);
  return { text: pad(shape, cut(shape, text)), stopped };
}

function formatKind(shape: Shape, value: string, problems: string[]): string {
  switch (shape.kind) {
    case "s":
      return pad(shape, cut(shape, value));
    case "c":
      return pad(shape, value.slice(0, 1));
    case "q":
      return pad(shape, quoteWord(value));
    case "d":
    case "i":
      return padNumber(shape, signed(shape, toInteger(value, problems)));
    case "o":
    case "u":
    case "x":
    case "X":
      return padNumber(shape, unsigned(shape, toInteger(value, problems)));
    default:
      return padNumber(shape, floating(shape, value, problems));
  }
}

function cut(shape: Shape, text: string): string {
  return shape.precision === null ? text : text.slice(0, shape.precision);
}

function signed(shape: Shape, value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(shape.precision ?? 1, "0");
  return signOf(shape, value < 0n) + digits;
}

function signOf(shape: Shape, negative: boolean): string {
  if (negative) return "-";
  return shape.flags.includes("+") ? "+" : shape.flags.includes(" ") ? " " : "";
}

function unsigned(shape: Shape, value: bigint): string {
  const base = shape.kind === "o" ? 8 : shape.kind === "u" ? 10 : 16;
  const digits = BigInt.asUintN(64, value)
    .toString(base)
    .padStart(shape.precision ?? 1, "0");
  const alternate = shape.flags.includes("#") && value !== 0n;
  const prefixed = !alternate || base === 10 ? digits : (base === 8 ? "0" : "0x") + digits;
  return shape.kind === "X" ? prefixed.toUpperCase() : prefixed;
}

function floating(shape: Shape, value: string, problems: string[]): string {
  const number = Number(value.trim() === "" ? "0" : value);
  if (Number.isNaN(number)) problems.push(`${value}: invalid number`);
  const finite = Number.isNaN(number) ? 0 : number;
  const size = Math.abs(finite);
  const precision = shape.precision ?? 6;
  const kind = shape.kind.toLowerCase();
  const digits =
    kind === "f"
      ? size.toFixed(precision)
      : kind === "e"
        ? exponent(size, precision)
        : general(size, precision);
  const text = signOf(shape, finite < 0) + digits;
  return /[EG]/.test(shape.kind) ? text.toUpperCase() : text;
}

/** C writes at least two digits of exponent. */
function exponent(value: number, precision: number): string {
  return value.toExponential(precision).replace(/e([+-])(\d)$/, "e$10$2");
}

function general(value: number, precision: number): string {
  const digits = precision === 0 ? 1 : precision;
  const scale = value === 0 ? 0 : Number(value.toExponential(digits - 1).split("e")[1]);
  const text =
    scale < -4 || scale >= digits
      ? exponent(value, digits - 1)
      : value.toFixed(Math.max(0, digits - 1 - scale));
  return text.includes(".") ? text.replace(/\.?0+(?=e|$)/, "") : text;
}

function padNumber(shape: Shape, text: string): string {
  const integer = "diouxX".includes(shape.kind);
  const zeros = shape.flags.includes("0") && !shape.flags.includes("-");
  if (!zeros || (integer && shape.precision !== null)) return pad(shape, text);
  const sign = /^[-+ ]?(?:0[xX])?/.exec(text)?.[0] ?? "";
  return sign + text.slice(sign.length).padStart(shape.width - sign.length, "0");
}

function pad(shape: Shape, text: string): string {
  return shape.flags.includes("-") ? text.padEnd(shape.width) : text.padStart(shape.width);
}

function toInteger(text: string, problems: string[]): bigint {
  const trimmed = text.trim();
  if (/^["']./.test(trimmed)) return BigInt(trimmed.codePointAt(1) as number);
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(trimmed);
  if (match === null || match[0].length !== trimmed.length) {
    if (trimmed !== "") problems.push(`${text}: invalid number`);
    if (match === null) return 0n;
  }
  const digits = match[2] as string;
  const size = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return match[1] === "-" ? -size : size;
}

/** A text as it could be typed; `%q`. */
export function quoteWord(text: string): string {
  if (text === "") return "''";
  if (/[\n\t]/.test(text)) {
    return `$'${text.replace(/[\\']/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t")}'`;
  }
  return text.replace(/[^A-Za-z0-9_./:@%+,=-]/gu, "\\$&");
}

export const printf = defineTool("printf", async ({ context, args }) => {
  const [format, ...values] = args;
  if (format === undefined) {
    await context.writeError("printf: a format is missing\n");
    return 2;
  }
  const { text, problems } = formatText(format, values);
  await context.write(text);
  for (const problem of problems) await context.writeError(`printf: ${problem}\n`);
  return problems.length > 0 ? 1 : 0;
});
