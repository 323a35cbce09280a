/** `exports [ … ]` and `imports [ … ]` of an account. */
import { seconds } from "../../kernel/index.ts";
import { type ConfMap, type ConfValue, isSubsetOf, TransformError } from "../../protocol/index.ts";
import { subjectPair, transformHere, transformThere } from "../accounts/import-subjects.ts";
import type {
  AccountConfig,
  ExportConfig,
  ImportConfig,
  LatencyConfig,
  ResponseType,
} from "./account-config.ts";
import { durationText } from "./conf-quantities.ts";
import { attempt, type ConfNotes, type FieldReader, ignore, readFields } from "./conf-reader.ts";
import { asBool, asInteger, asMap, asString, goType, goValue, wrong } from "./conf-values.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type ExportDraft = Mutable<ExportConfig>;
type ImportDraft = Mutable<ImportConfig> & { prefix: string };

/** Two minutes. Source: nats-server `DEFAULT_SERVICE_EXPORT_RESPONSE_THRESHOLD`. */
const defaultThreshold = seconds(120);

/** Source: nats-server `parseAccountExports`, `parseExportStreamOrService`. */
export function readExports(value: ConfValue, notes: ConfNotes): ExportConfig[] {
  return readItems(value, notes, "Export").map((map) => {
    const draft: ExportDraft = {
      kind: "stream",
      subject: "",
      accounts: null,
      responses: "singleton",
      threshold: defaultThreshold,
      latency: null,
      accountPosition: 0,
    };
    readFields(draft, map, exportFields, notes);
    checkExport(draft, map, notes);
    return draft;
  });
}

/** Source: nats-server `parseAccountImports`, `parseImportStreamOrService`. */
export function readImports(value: ConfValue, notes: ConfNotes): ImportConfig[] {
  return readItems(value, notes, "Import").flatMap((map) => {
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
    attempt(notes, () => checkOneKind(map, "Import"));
    if (notes.problems.length > before) return [];
    const { prefix, ...rest } = draft;
    const to = prefix === "" ? rest.to : `${prefix.replace(/\.$/, "")}.${rest.subject}`;
    return [{ ...rest, to: to === "" ? rest.subject : to }];
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
  attempt(notes, () => checkOneKind(map, "Export"));
  if (draft.kind !== "stream") return;
  for (const [key, value] of map) {
    const what = ofServices.get(key.toLowerCase());
    if (what === undefined) continue;
    attempt(notes, () => {
      throw wrong(value, `Detected ${what} directive on non-service`);
    });
  }
}

/** Source: nats-server `parseExportStreamOrService`, `parseImportStreamOrService`. */
function checkOneKind(map: ConfMap, what: "Export" | "Import"): void {
  let first: string | null = null;
  for (const [key, value] of map) {
    const kind = key.toLowerCase();
    if (kind !== "stream" && kind !== "service") continue;
    if (first === null) first = kind;
    else if (first !== kind) {
      const named = what === "Export" ? ` ${JSON.stringify(goValue(value))}` : "";
      throw wrong(value, `Detected ${kind}${named} but already saw a ${first}`);
    }
  }
}

/**
 * Every account that is named has to be there, and to let the importer in.
 * Source: nats-server `parseAccounts`, `AddServiceImport`, `AddMappedStreamImport`.
 */
export function checkSharing(
  accounts: readonly AccountConfig[],
  value: ConfValue,
  notes: ConfNotes,
): void {
  const named = new Map(accounts.map((account) => [account.name, account]));
  for (const account of accounts) {
    for (const { kind, subject, accountPosition, accounts: allowed } of account.exports) {
      if (accountPosition > 0 && subject.split(".")[accountPosition - 1] !== "*") {
        attempt(notes, () => {
          const named = JSON.stringify(subject);
          throw wrong(value, `Error adding ${kind} export ${named}: sublist: invalid subject`);
        });
      }
      for (const name of allowed ?? []) {
        if (named.has(name)) continue;
        attempt(notes, () => {
          throw wrong(value, `${JSON.stringify(name)} account not defined for ${kind} export`);
        });
      }
    }
    for (const one of account.imports)
      attempt(notes, () => checkImport(named, account, one, value));
  }
}

function checkImport(
  named: ReadonlyMap<string, AccountConfig>,
  { name }: AccountConfig,
  { kind, account, subject, to, share }: ImportConfig,
  value: ConfValue,
): void {
  const from = named.get(account);
  if (from === undefined) {
    throw wrong(value, `${JSON.stringify(account)} account not defined for ${kind} import`);
  }
  if (exportFor(from, { kind, subject }, name) !== null) {
    checkMapping({ kind, account, subject, to, share }, value);
    return;
  }
  const why = `${kind} import not authorized`;
  throw wrong(value, `Error adding ${kind} import ${JSON.stringify(subject)}: ${why}`);
}

/** What it is called here has to follow from what it is called there. */
function checkMapping({ kind, subject, to }: ImportConfig, value: ConfValue): void {
  try {
    const pair = subjectPair(subject, to);
    if (kind === "stream") transformHere(pair);
    else transformThere(pair);
  } catch (error) {
    if (!(error instanceof TransformError)) throw error;
    const named = JSON.stringify(subject);
    const made = `failed to create mapping transform for ${kind} import subject from ${named}`;
    const why = `${made} to ${JSON.stringify(to)}: ${error.message}`;
    throw wrong(value, `Error adding ${kind} import ${named}: ${why}`);
  }
}

/** The export that lets `importer` have a subject. Source: `checkServiceImportAuthorized`. */
export function exportFor(
  from: AccountConfig,
  wanted: { readonly kind: "stream" | "service"; readonly subject: string },
  importer: string,
): ExportConfig | null {
  const fits = (one: ExportConfig): boolean =>
    one.kind === wanted.kind &&
    isSubsetOf(wanted.subject, one.subject) &&
    (one.accounts === null || one.accounts.includes(importer)) &&
    isNamedIn(wanted.subject, one.accountPosition, importer);
  const exact = from.exports.find((one) => one.subject === wanted.subject && fits(one));
  return exact ?? from.exports.find(fits) ?? null;
}

/** Source: nats-server `checkStreamExportApproved`: the token has to be the importer's name. */
function isNamedIn(subject: string, position: number, importer: string): boolean {
  return position === 0 || subject.split(".")[position - 1] === importer;
}

function readItems(value: ConfValue, notes: ConfNotes, what: string): ConfMap[] {
  if (value.kind !== "array") {
    throw wrong(value, `${what}s should be an array, got ${goType(value)}`);
  }
  return value.value.flatMap((item) => {
    if (item.kind === "map") return [item.value];
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
    draft.kind = kind;
    draft.subject = asString(value);
  };

const responsesOf: Readonly<Record<string, ResponseType>> = {
  single: "singleton",
  singleton: "singleton",
  stream: "stream",
  chunk: "chunked",
  chunked: "chunked",
};

const responseType: FieldReader<ExportDraft> = (draft, value) => {
  const text = asString(value);
  const type = responsesOf[text.toLowerCase()];
  if (type === undefined) throw wrong(value, `Unknown response type: ${JSON.stringify(text)}`);
  draft.responses = type;
};

const threshold: FieldReader<ExportDraft> = (draft, value) => {
  const text = asString(value);
  draft.threshold = durationText(text, () => {
    const expected = "Expected response threshold to be a parseable time duration";
    return wrong(value, `${expected}, got ${JSON.stringify(text)}`);
  });
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
    if (value.kind !== "array") throw wrong(value, "accounts should be an array");
    draft.accounts = value.value.map(asString);
  },
  latency: (draft, value) => {
    draft.latency = readLatency(value);
  },
  account_token_position: (draft, value) => {
    draft.accountPosition = asInteger(value);
  },
  allow_trace: ignore("allow_trace"),
};

const importedFrom =
  (kind: "stream" | "service"): FieldReader<ImportDraft> =>
  (draft, value, notes) => {
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
  allow_trace: ignore("allow_trace"),
};
