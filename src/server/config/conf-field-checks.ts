/** Checks of values that mean something: lists, addresses, keys, settings that many blocks have. */
import { type ConfValue, decodePublicKey } from "../../protocol/index.ts";
import { anything, block, type Check, takes, text, under } from "./conf-checks.ts";
import { durationText } from "./conf-quantities.ts";
import { attempt, type ConfNotes, readFields, warn } from "./conf-reader.ts";
import { asArray, asString, goType, goValue, wrong } from "./conf-values.ts";

/** A list of blocks; `each` looks at every entry that is one. */
export function entries(
  value: ConfValue,
  notes: ConfNotes,
  [listed, entry]: readonly [string, string],
  each: (entry: ConfValue) => void,
): void {
  if (value.kind !== "array") throw wrong(value, `${listed}, got ${goType(value)}`);
  for (const one of value.value) {
    attempt(notes, () => {
      if (one.kind !== "map") throw wrong(one, `${entry}, got ${goValue(one)}`);
      each(one);
    });
  }
}

/** One text or a list of them. Source: nats-server `parseStringArray`. */
export function asTextList(value: ConfValue, field: string, notes: ConfNotes): string[] {
  if (value.kind === "string") return [value.value];
  const where = `error parsing ${field}: unsupported type`;
  if (value.kind !== "array") throw wrong(value, `${where} ${goType(value)}`);
  return value.value.flatMap((one) => {
    if (one.kind === "string") return [one.value];
    attempt(notes, () => {
      throw wrong(one, `${where} in array ${goType(one)}`);
    });
    return [];
  });
}

export const textList = (field: string): Check =>
  takes((value, notes) => asTextList(value, field, notes));

/** Source: nats-server `parseWriteDeadlinePolicy`. */
export const writeTimeout: Check = (_draft, value) => {
  if (["default", "close", "retry"].includes(asString(value))) return;
  throw wrong(value, "write_timeout must be 'default', 'close' or 'retry'");
};

/** Source: nats-server `parseCompression`. */
export const compression: Check = (_draft, value, notes, key) => {
  if (value.kind === "string" || value.kind === "bool") return;
  if (value.kind !== "map") {
    const expected = `field ${JSON.stringify(key)} should be a boolean or a structure`;
    throw wrong(value, `${expected}, got ${goType(value)}`);
  }
  readFields(null, value.value, { mode: text, ...under(thresholds, thresholdKeys) }, notes);
};

const thresholdKeys = ["rtt_thresholds", "thresholds", "rtts", "rtt"];
const thresholds: Check = (_draft, value) => {
  for (const one of asArray(value)) {
    durationText(asString(one), (why) => wrong(value, why));
  }
};

/** Source: nats-server `parseURL`, Go `url.Parse` as far as addresses of servers go wrong. */
export function checkUrl(value: ConfValue, kind: string): string {
  const url = asString(value).trim();
  const first = url.split(/[/?#]/)[0] ?? "";
  const [, authority] = /^(?:[A-Za-z][\w+.-]*:)?\/\/([^/?#]*)/.exec(url) ?? [];
  const hasScheme = /^[A-Za-z][\w+.-]*:/.test(url);
  const host = authority?.replace(/^.*@/, "") ?? "";
  const isBad =
    hasControl(url) ||
    /%(?![0-9A-Fa-f]{2})/.test(url) ||
    (first.includes(":") && !hasScheme) ||
    / |[<>"]/.test(host) ||
    /:\D+$|:\d*[^\d\]]\d*$/.test(host);
  if (isBad) throw wrong(value, `error parsing ${kind} url ["${url}"]`);
  return url;
}

function hasControl(url: string): boolean {
  return [...url].some((letter) => letter < " " || letter === "\u007f");
}

/** Addresses; one that comes twice is warned of. Source: nats-server `parseURLs`. */
export function asUrls(value: ConfValue, kind: string, notes: ConfNotes): string[] {
  const seen = new Set<string>();
  for (const one of asArray(value)) {
    attempt(notes, () => {
      const url = asString(one);
      if (seen.has(url)) warn(notes, one, url, `Duplicate ${kind} entry detected`);
      else checkUrl(one, kind);
      seen.add(url);
    });
  }
  return [...seen];
}

/** A public key of this kind. */
export const publicKey =
  (kind: Parameters<typeof decodePublicKey>[0], complaint: (key: string) => string): Check =>
  (_draft, value) => {
    const key = asString(value);
    if (decodePublicKey(kind, key) === null) throw wrong(value, complaint(JSON.stringify(key)));
  };

/** Source: nats-server `parseSimpleAuth`. */
export const simpleAuth = block({
  user: text,
  username: text,
  pass: text,
  password: text,
  token: text,
  timeout: anything,
});
