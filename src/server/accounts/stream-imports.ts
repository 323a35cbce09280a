/** What an account hears of others: subscriptions cast shadows into the accounts of exports. */
import { isSubsetOf, isWildcard } from "../../protocol/index.ts";
import type { ImportConfig } from "../config/account-config.ts";
import type { StreamImport } from "../state.ts";
import { nameThere, streamPair, streamTransform } from "./import-subjects.ts";

export function compileStreamImports(configs: readonly ImportConfig[]): StreamImport[] {
  return configs.flatMap(({ kind, account, subject, to }) => {
    if (kind !== "stream") return [];
    const pair = streamPair(subject, to);
    return [{ ...pair, account, transform: streamTransform(pair) }];
  });
}

/**
 * What a subscription to `subject` has to hear in the account of the export; null when the import
 * has nothing for it. Source: nats-server `addShadowSubscriptions`, `addShadowSub`.
 */
export function shadowSubject(from: StreamImport, subject: string): string | null {
  if (isSubsetOf(from.to, subject)) return from.subject;
  if (isSubsetOf(subject, from.to)) return nameThere(from, subject);
  const overlap = isWildcard(subject) ? narrowed(subject, from.to) : subject;
  return isSubsetOf(overlap, from.to) ? nameThere(from, overlap) : null;
}

/** `subject` with its wildcards replaced by what `pattern` has in their places. */
function narrowed(subject: string, pattern: string): string {
  const limits = pattern.split(".");
  const tokens = subject.split(".").map((token, at) => {
    const limit = limits[at];
    return token === "*" && limit !== undefined && limit !== ">" ? limit : token;
  });
  const last = tokens.length - 1;
  const tail = limits.slice(last);
  if (tokens[last] === ">" && tail.length > 0) tokens.splice(last, 1, ...tail);
  return tokens.join(".");
}
