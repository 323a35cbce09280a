/** What the address asks for: a share link, an embed, a scenario, a seed, a speed, a moment. */
import type { Speed } from "../worker/frames.ts";

export type EmbedPart = "terminal" | "canvas" | "timeline";

export interface Address {
  readonly share: string | null;
  readonly embed: readonly EmbedPart[] | null;
  readonly scenario: string | null;
  readonly lesson: string | null;
  readonly seed: number | null;
  readonly speed: Speed | null;
  /** Virtual nanoseconds. */
  readonly at: number | null;
  readonly origins: readonly string[];
  /** What in it cannot be read, and what would be; empty when all can. */
  readonly problem: string;
}

const parts: readonly EmbedPart[] = ["terminal", "canvas", "timeline"];

export function readAddress(location: { search: string; hash: string }): Address {
  const query = new URLSearchParams(location.search);
  const embed = query.get("embed");
  const seed = wholeNumber(query.get("seed"));
  const speed = parseSpeed(query.get("speed"));
  const at = parseMoment(query.get("t"));
  const unread = Object.entries({ seed, speed, t: at }).find(
    ([name, value]) => value === null && query.has(name),
  )?.[0];
  return {
    share: shareOf(location.hash),
    embed: embed === null ? null : parts.filter((part) => embed.split(",").includes(part)),
    scenario: query.get("scenario"),
    lesson: query.get("lesson"),
    seed,
    speed,
    at,
    origins: query.get("origin")?.split(",") ?? [],
    problem:
      unread === undefined
        ? ""
        : `The address says ${unread}=${query.get(unread)}, which was left out: ${wanted[unread]}.`,
  };
}

const wanted: Readonly<Record<string, string>> = {
  seed: `a seed is a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
  speed: "a speed is 1/64 to 1000, flat-out or fit",
  t: "a moment is like 12.48, 500ms, 2m or 00:12.480, and within the first 24 hours",
};

/** What comes before it is simulated first: nobody waits for more than a day of it. */
const latestMoment = 24 * 3600e9;

/** `2`, `1/4`, `flat-out`, `fit`. */
export function parseSpeed(text: string | null): Speed | null {
  if (text === "flat-out" || text === "fit") return text;
  const match = /^(\d+(?:\.\d+)?)(?:\/(\d+))?$/.exec(text ?? "");
  if (match === null) return null;
  const speed = Number(match[1]) / Number(match[2] ?? 1);
  return speed >= 1 / 64 && speed <= 1000 ? speed : null;
}

/** `12.48` (seconds), `500ms`, `2m`, `00:12.480`; null for other text, and beyond a day. */
export function parseMoment(text: string | null): number | null {
  const moment = readMoment(text);
  return moment !== null && moment <= latestMoment ? moment : null;
}

function readMoment(text: string | null): number | null {
  if (text === null) return null;
  const clock = /^(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (clock !== null) {
    const [, h = "0", m = "0", s = "0"] = clock;
    return Math.round((Number(h) * 3600 + Number(m) * 60 + Number(s)) * 1e9);
  }
  const match = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)?$/.exec(text);
  if (match === null) return null;
  const units: Record<string, number> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
  return Math.round(Number(match[1]) * (units[match[2] ?? "s"] ?? 1e9));
}

function wholeNumber(text: string | null): number | null {
  const number = text !== null && /^\d+$/.test(text) ? Number(text) : null;
  return Number.isSafeInteger(number) ? number : null;
}

/**
 * The fragment of a share link, with or without the address in front; null for other text. A link
 * that cannot be right is one all the same: whoever reads it says what is wrong with it.
 */
export function shareOf(text: string): string | null {
  const rest = /^(?:\S*#)?w=(\S*)$/.exec(text.trim())?.[1];
  return rest === undefined ? null : (/^\d+\.[\w-]+/.exec(rest)?.[0] ?? rest);
}
