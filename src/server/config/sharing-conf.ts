/** `exports [ … ]` and `imports [ … ]` of an account. */
import { seconds } from "../../kernel/index.ts";
import { type ConfMap, type ConfValue, isSubsetOf } from "../../protocol/index.ts";
import type {
  AccountConfig,
  ExportConfig,
  ImportConfig,
  LatencyConfig,
  ResponseType,
} from "./account-config.ts";
import { asDuration } from "./conf-quantities.ts";
import { attempt, type ConfNotes, type FieldReader, ignore, readFields } from "./conf-reader.ts";
import { asBool, asInteger, asMap, asString, goType, wrong } from "./conf-values.ts";

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
    return draft;
  });
}

/** Source: nats-server `parseAccountImports`, `parseImportStreamOrService`. */
export function readImports(value: ConfValue, notes: ConfNotes): ImportConfig[] {
  return readItems(value, notes, "Import").map((map) => {
    const draft: ImportDraft = {
      kind: "stream",
      account: "",
      subject: "",
      to: "",
      prefix: "",
      share: false,
    };
    readFields(draft, map, importFields, notes);
    const { prefix, ...rest } = draft;
    const to = prefix === "" ? rest.to : `${prefix.replace(/\.$/, "")}.${rest.subject}`;
    return { ...rest, to: to === "" ? rest.subject : to };
  });
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
    for (const { kind, accounts: allowed } of account.exports) {
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
  { kind, account, subject }: ImportConfig,
  value: ConfValue,
): void {
  const from = named.get(account);
  if (from === undefined) {
    throw wrong(value, `${JSON.stringify(account)} account not defined for ${kind} import`);
  }
  if (exportFor(from, { kind, subject }, name) !== null) return;
  const why = `${kind} import not authorized`;
  throw wrong(value, `Error adding ${kind} import ${JSON.stringify(subject)}: ${why}`);
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
  draft.threshold = asDuration(value, "threshold");
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
