/** `exports [ … ]` and `imports [ … ]` of an account. */
import { seconds } from "../../kernel/index.ts";
import type { ConfMap, ConfValue } from "../../protocol/index.ts";
import type { ExportConfig, ImportConfig, LatencyConfig, ResponseType } from "./account-config.ts";
import { anything, flag } from "./conf-checks.ts";
import { durationText } from "./conf-quantities.ts";
import { attempt, type ConfNotes, type FieldReader, ignoring, readFields } from "./conf-reader.ts";
import {
  asArray,
  asBool,
  asInteger,
  asMap,
  asString,
  goType,
  goValue,
  wrong,
} from "./conf-values.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type ExportDraft = Mutable<ExportConfig>;
type ImportDraft = Mutable<ImportConfig> & { prefix: string };

/** Two minutes. Source: nats-server `DEFAULT_SERVICE_EXPORT_RESPONSE_THRESHOLD`. */
const defaultThreshold = seconds(120);

/** Source: nats-server `parseAccountExports`, `parseExportStreamOrService`. */
export function readExports(value: ConfValue, notes: ConfNotes): ExportConfig[] {
  return readItems(value, notes, "Export").map(({ map }) => {
    const draft: ExportDraft = {
      kind: "stream",
      subject: "",
      accounts: null,
      responses: "singleton",
      threshold: defaultThreshold,
      latency: null,
      accountPosition: 0,
    };
    const before = notes.problems.length;
    readFields(draft, map, exportFields, notes);
    checkTwice(map, notes);
    if (notes.problems.length === before) checkExport(draft, map, notes);
    return draft;
  });
}

/** Source: nats-server `parseAccountImports`, `parseImportStreamOrService`. */
export function readImports(value: ConfValue, notes: ConfNotes): ImportConfig[] {
  const services: ImportConfig[] = [];
  return readItems(value, notes, "Import").flatMap(({ map, item }) => {
    const draft: ImportDraft = {
      kind: "stream",
      account: "",
      subject: "",
      to: "",
      prefix: "",
      share: false,
    };
    const before = notes.problems.length;
    readFields(draft, map, importFields, notes);
    checkTracing(map, notes);
    if (notes.problems.length > before) return [];
    const { prefix, ...rest } = draft;
    const to = map.get("to");
    const isStream = rest.kind === "stream";
    attempt(notes, () => {
      const both = "Stream import can not have a 'prefix' and a 'to' property";
      if (isStream && prefix !== "" && to !== undefined) throw wrong(to, both);
    });
    // A prefix is for streams.
    const prefixed = `${prefix.replace(/\.$/, "")}.${rest.subject}`;
    const name = prefix === "" || !isStream ? rest.to : prefixed;
    const one = { ...rest, to: name === "" ? rest.subject : name };
    if (isStream) return [one];
    attempt(notes, () => checkNew(one, services, item));
    services.push(one);
    return [one];
  });
}

/** The keys of an export that only services have. */
const ofServices: ReadonlyMap<string, string> = new Map([
  ...["response", "response_type", "threshold", "response_threshold"].map(
    (key) => [key, "response"] as const,
  ),
  ...["response_max_time", "response_time"].map((key) => [key, "response"] as const),
  ["latency", "latency"] as const,
  ["allow_trace", "allow_trace"] as const,
]);

function checkExport(draft: ExportDraft, map: ConfMap, notes: ConfNotes): void {
  if (draft.kind !== "stream") return;
  for (const [key, value] of map) {
    const what = ofServices.get(key.toLowerCase());
    if (what === undefined) continue;
    attempt(notes, () => {
      throw wrong(value, `Detected ${what} directive on non-service`);
    });
  }
}

/** Keys that mean the same. */
const sameKeys = [
  ["Duplicate response type definition", ["response", "response_type"]],
  [
    "Duplicate response threshold detected",
    ["threshold", "response_threshold", "response_max_time", "response_time"],
  ],
] as const;

function checkTwice(map: ConfMap, notes: ConfNotes): void {
  for (const [complaint, keys] of sameKeys) {
    const given = [...map].filter(([key]) => keys.some((one) => one === key.toLowerCase()));
    for (const [, value] of given.slice(1)) {
      attempt(notes, () => {
        throw wrong(value, complaint);
      });
    }
  }
}

/** Only streams carry traces. */
function checkTracing(map: ConfMap, notes: ConfNotes): void {
  const value = map.get("allow_trace");
  if (value === undefined) return;
  attempt(notes, () => {
    if (map.has("service")) throw wrong(value, "Detected allow_trace directive on a non-stream");
    asBool(value);
  });
}

/** One service has one name here. */
function checkNew(one: ImportConfig, before: readonly ImportConfig[], item: ConfValue): void {
  const same = before.find(({ to, account }) => to === one.to && account === one.account);
  if (same === undefined) return;
  const subject = `Duplicate service import subject ${JSON.stringify(one.to)}`;
  const used = `previously used in import for account ${JSON.stringify(same.account)}`;
  throw wrong(item, `${subject}, ${used}, subject ${JSON.stringify(same.subject)}`);
}

interface Item {
  readonly item: ConfValue;
  readonly map: ConfMap;
}

function readItems(value: ConfValue, notes: ConfNotes, what: string): Item[] {
  if (value.kind !== "array") {
    throw wrong(value, `${what}s should be an array, got ${goType(value)}`);
  }
  return value.value.flatMap((item) => {
    if (item.kind === "map") return [{ item, map: item.value }];
    const text = `${what} Items should be a map with type entry, got ${goType(item)}`;
    attempt(notes, () => {
      throw wrong(item, text);
    });
    return [];
  });
}

const exportedSubject =
  (kind: "stream" | "service"): FieldReader<ExportDraft> =>
  (draft, value) => {
    if (draft.subject !== "" && draft.kind !== kind) {
      const named = JSON.stringify(goValue(value));
      throw wrong(value, `Detected ${kind} ${named} but already saw a ${draft.kind}`);
    }
    if (value.kind !== "string") {
      throw wrong(value, `Expected ${kind} name to be string, got ${goType(value)}`);
    }
    draft.kind = kind;
    draft.subject = value.value;
  };

const responsesOf: Readonly<Record<string, ResponseType>> = {
  single: "singleton",
  singleton: "singleton",
  stream: "stream",
  chunk: "chunked",
  chunked: "chunked",
};

const responseType: FieldReader<ExportDraft> = (draft, value) => {
  if (value.kind !== "string") {
    throw wrong(value, `Expected response type to be string, got ${goType(value)}`);
  }
  const text = value.value;
  const type = responsesOf[text.toLowerCase()];
  if (type === undefined) throw wrong(value, `Unknown response type: ${JSON.stringify(text)}`);
  draft.responses = type;
};

const threshold: FieldReader<ExportDraft> = (draft, value) => {
  const expected = "Expected response threshold to be a parseable time duration";
  if (value.kind !== "string") throw wrong(value, `${expected}, got ${goType(value)}`);
  const quoted = JSON.stringify(value.value);
  draft.threshold = durationText(value.value, () => wrong(value, `${expected}, got ${quoted}`));
};

/** Source: nats-server `parseServiceLatency`. */
function readLatency(value: ConfValue): LatencyConfig {
  if (value.kind === "string") return { sampling: 100, subject: value.value };
  if (value.kind !== "map") {
    const expected = "Expected latency entry to be a map/struct or string";
    throw wrong(value, `${expected}, got ${goType(value)}`);
  }
  const sampling = value.value.get("sampling");
  const subject = value.value.get("subject");
  if (subject === undefined) throw wrong(value, "Latency subject required, but missing");
  if (subject.kind !== "string") {
    throw wrong(subject, "Expected latency subject to be a string, got string");
  }
  return {
    sampling: sampling === undefined ? 100 : readSampling(sampling),
    subject: subject.value,
  };
}

/** Percent; 0 for who asks by a header. */
function readSampling(value: ConfValue): number {
  if (value.kind !== "integer" && value.kind !== "string") {
    const expected = "Expected latency sample to be a string or map/struct";
    throw wrong(value, `${expected}, got ${goType(value)}`);
  }
  const text = String(value.value);
  if (text.trim().toLowerCase() === "headers") return 0;
  const digits = text.replace(/%$/, "");
  if (!/^[+-]?\d+$/.test(digits)) {
    const parsing = `strconv.Atoi: parsing ${JSON.stringify(digits)}: invalid syntax`;
    throw wrong(value, `Failed to parse latency sample: ${parsing}`);
  }
  const percent = Number(digits);
  if (percent >= 1 && percent <= 100) return percent;
  throw wrong(value, "bad sampling percentage, should be 1-100");
}

const exportFields: Readonly<Record<string, FieldReader<ExportDraft>>> = {
  stream: exportedSubject("stream"),
  service: exportedSubject("service"),
  response: responseType,
  response_type: responseType,
  threshold,
  response_threshold: threshold,
  response_max_time: threshold,
  response_time: threshold,
  accounts: (draft, value) => {
    draft.accounts = asArray(value).map(asString);
  },
  latency: (draft, value) => {
    draft.latency = readLatency(value);
  },
  account_token_position: (draft, value) => {
    draft.accountPosition = asInteger(value);
  },
  ...ignoring({ allow_trace: flag }),
};

const importedFrom =
  (kind: "stream" | "service"): FieldReader<ImportDraft> =>
  (draft, value, notes) => {
    if (draft.subject !== "" && draft.kind !== kind) {
      throw wrong(value, `Detected ${kind} but already saw a ${draft.kind}`);
    }
    if (value.kind !== "map") {
      const what = kind === "stream" ? "Stream" : "Service";
      throw wrong(value, `${what} entry should be an account map, got ${goType(value)}`);
    }
    draft.kind = kind;
    readFields(draft, asMap(value), sourceFields, notes);
    if (draft.account === "" || draft.subject === "") {
      throw wrong(value, "Expect an account name and a subject");
    }
  };

const sourceFields: Readonly<Record<string, FieldReader<ImportDraft>>> = {
  account: (draft, value) => {
    draft.account = asString(value);
  },
  subject: (draft, value) => {
    draft.subject = asString(value);
  },
};

const importFields: Readonly<Record<string, FieldReader<ImportDraft>>> = {
  stream: importedFrom("stream"),
  service: importedFrom("service"),
  prefix: (draft, value) => {
    draft.prefix = asString(value);
  },
  to: (draft, value) => {
    draft.to = asString(value);
  },
  share: (draft, value) => {
    draft.share = asBool(value);
  },
  ...ignoring({ allow_trace: anything }),
};
