/** Whether what accounts export and import fits together. */
import {
  type ConfValue,
  isSubsetOf,
  isValidPublishSubject,
  isValidSubject,
  subjectsCollide,
  TransformError,
} from "../../protocol/index.ts";
import {
  streamPair,
  streamTransform,
  subjectPair,
  transformThere,
} from "../accounts/import-subjects.ts";
import type { AccountConfig, ExportConfig, ImportConfig } from "./account-config.ts";
import { attempt, type ConfNotes } from "./conf-reader.ts";
import { wrong } from "./conf-values.ts";

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
  const taken: TakenImport[] = [];
  for (const account of accounts) {
    for (const one of account.exports) {
      const { kind, subject, accountPosition, accounts: allowed, latency } = one;
      if (latency !== null && !isValidPublishSubject(latency.subject)) {
        attempt(notes, () => {
          const sampled = `for ${JSON.stringify(subject)} on subject`;
          const where = `${sampled} ${JSON.stringify(latency.subject)}`;
          throw wrong(
            value,
            `Error adding service latency sampling ${where}: invalid publish subject`,
          );
        });
      }
      if (accountPosition !== 0 && subject.split(".")[accountPosition - 1] !== "*") {
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
    for (const one of account.imports) {
      attempt(notes, () => {
        checkImport(named, account, one, value);
        if (formsCycle(taken, account.name, one)) {
          throw cannotImport(value, one, "import forms a cycle");
        }
        taken.push({ ...one, importer: account.name });
      });
    }
  }
}

function checkImport(
  named: ReadonlyMap<string, AccountConfig>,
  { name }: AccountConfig,
  { kind, account, subject, to, share }: ImportConfig,
  value: ConfValue,
): void {
  const from = named.get(account);
  const one = { kind, subject };
  if (from === undefined) {
    throw wrong(value, `${JSON.stringify(account)} account not defined for ${kind} import`);
  }
  const isSound = isValidSubject(subject) && isValidSubject(to);
  if (kind === "service" && !isSound) throw cannotImport(value, one, "sublist: invalid subject");
  if (exportFor(from, one, name) === null) {
    throw cannotImport(value, one, `${kind} import not authorized`);
  }
  checkMapping({ kind, account, subject, to, share }, value);
}

/** What it is called here has to follow from what it is called there. */
function checkMapping({ kind, subject, to }: ImportConfig, value: ConfValue): void {
  try {
    if (kind === "stream") streamTransform(streamPair(subject, to));
    else transformThere(subjectPair(subject, to));
  } catch (error) {
    if (!(error instanceof TransformError)) throw error;
    const named = JSON.stringify(subject);
    const made = `failed to create mapping transform for ${kind} import subject from ${named}`;
    const why = `${made} to ${JSON.stringify(to)}: ${error.message}`;
    throw cannotImport(value, { kind, subject }, why);
  }
}

function cannotImport(
  value: ConfValue,
  { kind, subject }: Pick<ImportConfig, "kind" | "subject">,
  why: string,
): Error {
  return wrong(value, `Error adding ${kind} import ${JSON.stringify(subject)}: ${why}`);
}

/** An import of an account that was found sound. */
interface TakenImport extends ImportConfig {
  readonly importer: string;
}

/** Whether a message could come back to the account through this import and those before it. */
function formsCycle(taken: readonly TakenImport[], importer: string, one: ImportConfig): boolean {
  if (one.kind === "service") {
    return comesBack(taken, { ...one, at: one.account, under: one.to }, new Set([importer]));
  }
  return [one.to, one.subject].some((under) =>
    comesBack(taken, { ...one, at: one.account, under }, new Set([importer])),
  );
}

/**
 * A service is looked for by its name there, a stream by the name that it gets here.
 * Source: nats-server `checkServiceImportsForCycles`, `checkStreamImportsForCycles`.
 */
function comesBack(
  taken: readonly TakenImport[],
  { kind, at, under }: Pick<ImportConfig, "kind"> & { readonly at: string; readonly under: string },
  visited: Set<string>,
): boolean {
  for (const one of taken) {
    if (one.importer !== at || one.kind !== kind) continue;
    if (!subjectsCollide(under, kind === "service" ? one.subject : one.to)) continue;
    if (visited.has(one.account)) return true;
    visited.add(at);
    const next = isSubsetOf(one.to, under) ? one.to : under;
    if (comesBack(taken, { kind, at: one.account, under: next }, visited)) return true;
  }
  return false;
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
