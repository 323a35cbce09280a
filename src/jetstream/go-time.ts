/**
 * Times as Go reads and prints them.
 * Source: Go `time.parse` with the layout RFC 3339, `Time.MarshalJSON`.
 */
import { encodeGoQuote } from "./go-quote.ts";

/** Text that is no time; the message is Go's. */
export class GoTimeError extends Error {
  override readonly name = "GoTimeError";
}

const layout = "2006-01-02T15:04:05Z07:00";

interface Reader {
  readonly text: string;
  rest: string;
}

/**
 * The time as Go would print it: hours of two digits, at most nine decimals without trailing
 * zeros, UTC as `Z`. Throws {@link GoTimeError}.
 */
export function readGoTime(text: string): string {
  const reader: Reader = { text, rest: text };
  const year = digits(reader, { name: "2006", least: 4, most: 4 });
  literal(reader, "-");
  const month = inRange(reader, digits(reader, { name: "01" }), "month", [1, 12]);
  literal(reader, "-");
  const day = digits(reader, { name: "02" });
  literal(reader, "T");
  const hour = inRange(reader, digits(reader, { name: "15", least: 1 }), "hour", [0, 23]);
  literal(reader, ":");
  const minute = inRange(reader, digits(reader, { name: "04" }), "minute", [0, 59]);
  literal(reader, ":");
  const second = inRange(reader, digits(reader, { name: "05" }), "second", [0, 59]);
  const fraction = /^[.,](\d+)/.exec(reader.rest)?.[1];
  if (fraction !== undefined) reader.rest = reader.rest.slice(fraction.length + 1);
  const zone = readZone(reader);
  if (reader.rest !== "") throw problem(reader, `extra text: ${encodeGoQuote(reader.rest)}`);
  if (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) {
    throw problem(reader, "day out of range");
  }
  const decimals = (fraction ?? "").slice(0, 9).replace(/0+$/, "");
  const clock = `${hour.padStart(2, "0")}:${minute}:${second}`;
  return `${year}-${month}-${day}T${clock}${decimals === "" ? "" : `.${decimals}`}${zone}`;
}

/** What `Z07:00` stands for; an offset of nothing is UTC. */
function readZone(reader: Reader): string {
  if (reader.rest.startsWith("Z")) {
    reader.rest = reader.rest.slice(1);
    return "Z";
  }
  const found = /^([+-])(\d\d):(\d\d)/.exec(reader.rest);
  if (found === null) throw mismatch(reader, "Z07:00");
  const [zone = "", , hours = "", minutes = ""] = found;
  reader.rest = reader.rest.slice(zone.length);
  inRange(reader, hours, "time zone offset hour", [0, 24]);
  inRange(reader, minutes, "time zone offset minute", [0, 60]);
  return /[1-9]/.test(zone) ? zone : "Z";
}

/** Two digits, or as many as it says. */
function digits(reader: Reader, want: { name: string; least?: number; most?: number }): string {
  const { name, least = 2, most = 2 } = want;
  const found = /^\d+/.exec(reader.rest)?.[0].slice(0, most) ?? "";
  if (found.length < least) throw mismatch(reader, name);
  reader.rest = reader.rest.slice(found.length);
  return found;
}

function inRange(reader: Reader, value: string, what: string, range: [number, number]): string {
  if (Number(value) >= range[0] && Number(value) <= range[1]) return value;
  throw problem(reader, `${what} out of range`);
}

function literal(reader: Reader, char: string): void {
  if (!reader.rest.startsWith(char)) throw mismatch(reader, char);
  reader.rest = reader.rest.slice(char.length);
}

function problem(reader: Reader, text: string): GoTimeError {
  return new GoTimeError(`parsing time ${encodeGoQuote(reader.text)}: ${text}`);
}

function mismatch(reader: Reader, element: string): GoTimeError {
  const [text, rest] = [encodeGoQuote(reader.text), encodeGoQuote(reader.rest)];
  return new GoTimeError(
    `parsing time ${text} as "${layout}": cannot parse ${rest} as "${element}"`,
  );
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
