/** Tools about time and numbers: `sleep date seq yes`. The time is the world's. */
import { defineTool, print, readOptions, ToolError } from "./tool.ts";

const unitSeconds: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86400 };

/** Longest timer that one sleep arms; a longer sleep is taken in pieces. */
const pieceMsMax = 86_400_000;

export const sleep = defineTool("sleep", async ({ context, args }) => {
  if (args.length === 0) throw new ToolError("missing operand");
  let leftMs = args.reduce((sum, text) => sum + toMillis(text), 0);
  while (leftMs > 0) {
    const piece = Math.min(leftMs, pieceMsMax);
    await context.sleep(piece);
    leftMs -= piece;
  }
  return 0;
});

/** `1.5`, `2m`, `500ms`; throws ToolError. */
function toMillis(text: string): number {
  const millis = /^(\d*\.?\d+)ms$/.exec(text)?.[1];
  if (millis !== undefined) return Number(millis);
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  if (match === null) throw new ToolError(`invalid time interval '${text}'`);
  return Number(match[1]) * 1000 * (unitSeconds[match[2] as string] ?? 1);
}

const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** `date [-u] [+FORMAT]`, `date -Is`: the host's clock, in UTC. */
export const date = defineTool("date", async ({ context, args }) => {
  const format = args.find((arg) => arg.startsWith("+"))?.slice(1);
  const iso = args.find((arg) => /^-I|^--iso-8601/.test(arg));
  const { s, n } = context.storedNow();
  const shape =
    format ?? (iso === undefined ? "%a %b %e %H:%M:%S %Z %Y" : iso === "-I" ? "%F" : "%FT%T%:z");
  await context.write(`${formatDate(shape, s, n)}\n`);
  return 0;
});

/** Civil date of a count of seconds since 1970, and what the letters of a format stand for. */
function formatDate(format: string, seconds: number, nanos: number): string {
  const days = Math.floor(seconds / 86400);
  const inDay = seconds - days * 86400;
  const { year, month, day } = civil(days);
  const hour = Math.floor(inDay / 3600);
  const minute = Math.floor(inDay / 60) % 60;
  const second = inDay % 60;
  const weekday = (((days + 4) % 7) + 7) % 7;
  const two = (value: number): string => String(value).padStart(2, "0");
  const dayOfYear = days - daysFromCivil(year, 1, 1) + 1;
  const values: Readonly<Record<string, string>> = {
    "%": "%",
    n: "\n",
    t: "\t",
    Y: String(year),
    y: two(year % 100),
    m: two(month),
    d: two(day),
    e: String(day).padStart(2),
    H: two(hour),
    I: two(((hour + 11) % 12) + 1),
    p: hour < 12 ? "AM" : "PM",
    M: two(minute),
    S: two(second),
    N: String(nanos).padStart(9, "0"),
    s: String(seconds),
    j: String(dayOfYear).padStart(3, "0"),
    u: String(weekday === 0 ? 7 : weekday),
    w: String(weekday),
    a: (dayNames[weekday] as string).slice(0, 3),
    A: dayNames[weekday] as string,
    b: (monthNames[month - 1] as string).slice(0, 3),
    B: monthNames[month - 1] as string,
    F: `${year}-${two(month)}-${two(day)}`,
    T: `${two(hour)}:${two(minute)}:${two(second)}`,
    R: `${two(hour)}:${two(minute)}`,
    D: `${two(month)}/${two(day)}/${two(year % 100)}`,
    Z: "UTC",
    z: "+0000",
  };
  return format.replace(/%(:z|\d?N|.)/g, (all, letter: string) => {
    if (letter === ":z") return "+00:00";
    if (/^\dN$/.test(letter)) return (values.N as string).slice(0, Number(letter[0]));
    return values[letter] ?? all;
  });
}

/** Days since 1970 to year, month and day: Howard Hinnant's civil_from_days. */
function civil(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36524) -
      Math.floor(dayOfEra / 146096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function daysFromCivil(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/** `seq [-w] [-s SEP] [FIRST [STEP]] LAST`. */
export const seq = defineTool("seq", async (tool) => {
  const { given, values, rest } = readOptions(tool.args.map(guardNegative), "w", "sf", {
    separator: "s",
    "equal-width": "w",
  });
  const numbers = rest.map((text) => text.replace(/^\0/, ""));
  const [first, step, last] = seqBounds(numbers);
  const decimals = Math.max(...[first, step].map((text) => (text.split(".")[1] ?? "").length));
  const scale = Number(`1e${decimals}`);
  const [from, by, to] = [first, step, last].map((text) => Math.round(Number(text) * scale));
  const bounds = { from: from as number, by: by as number, to: to as number };
  if (bounds.by === 0) throw new ToolError(`invalid Zero increment value: '${step}'`);
  const write = (value: number): string => (value / scale).toFixed(decimals);
  const width = given.has("w") ? Math.max(write(bounds.from).length, write(bounds.to).length) : 0;
  const separator = values.get("s") ?? "\n";
  let before = "";
  for (let v = bounds.from; bounds.by > 0 ? v <= bounds.to : v >= bounds.to; v += bounds.by) {
    await print(tool, before + write(v).padStart(width, "0"));
    before = separator;
  }
  if (before !== "") await print(tool, "\n");
  return 0;
});

/** Keeps `-5` from being read as options. */
function guardNegative(arg: string): string {
  return /^-\d|^-\.\d/.test(arg) ? `\0${arg}` : arg;
}

function seqBounds(numbers: readonly string[]): [string, string, string] {
  const bad = numbers.find((text) => text === "" || Number.isNaN(Number(text)));
  if (bad !== undefined) throw new ToolError(`invalid floating point argument: '${bad}'`);
  const [a, b, c] = numbers;
  if (a === undefined) throw new ToolError("missing operand");
  if (numbers.length > 3) throw new ToolError(`extra operand '${numbers[3]}'`);
  if (b === undefined) return ["1", "1", a];
  return c === undefined ? [a, "1", b] : [a, b, c];
}

/** Writes one line again and again, until nobody reads it. */
export const yes = defineTool("yes", async ({ context, args }) => {
  const line = `${args.length === 0 ? "y" : args.join(" ")}\n`;
  const block = line.repeat(Math.max(1, Math.floor(1024 / line.length)));
  for (;;) await context.write(block);
});
