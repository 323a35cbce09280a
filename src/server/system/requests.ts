/** Which subjects of `$SYS.…` a server answers on, and what each one asks. */
import { systemAccountOf } from "../connections/info.ts";
import { subscribeInternal } from "../interest/subscribe.ts";
import type { ServerState } from "../state.ts";

/** Where a client asks who it is; its own server alone answers. Source: `userDirectInfoSubj`. */
export const userInfoSubject = "$SYS.REQ.USER.INFO";
const debugSubject = "$SYS.DEBUG.SUBSCRIBERS";

export type SystemRequest =
  | { readonly kind: "user-info"; readonly isShared: boolean }
  /** How many subscribers a subject has. */
  | { readonly kind: "subscribers" }
  /** A page, or an order, by its last token. */
  | { readonly kind: "server"; readonly what: string }
  /** What concerns one account; null: each that has connections. */
  | { readonly kind: "account"; readonly what: string; readonly account: string | null };

const pageNames: ReadonlySet<string> = new Set([
  "ACCOUNTZ",
  "CONNZ",
  "GATEWAYZ",
  "HEALTHZ",
  "IDZ",
  "IPQUEUESZ",
  "JSZ",
  "LEAFZ",
  "RAFTZ",
  "ROUTEZ",
  "STATSZ",
  "SUBSZ",
  "VARZ",
]);
const orderNames: ReadonlySet<string> = new Set(["RELOAD", "KICK", "LDM"]);
const accountNames: ReadonlySet<string> = new Set([
  "CONNS",
  "CONNZ",
  "INFO",
  "JSZ",
  "LEAFZ",
  "STATZ",
  "SUBSZ",
]);

/** What every account may ask the system account about itself. Source: `registerSystemImports`. */
export const ownAccountRequests = [
  ["$SYS.REQ.ACCOUNT.PING.CONNZ", "CONNZ"],
  ["$SYS.REQ.SERVER.PING.CONNZ", "CONNZ"],
  ["$SYS.REQ.ACCOUNT.PING.STATZ", "STATZ"],
] as const;

const target = { kind: "system" } as const;

/** Source: nats-server `initEventTracking`, `addSystemAccountExports`. */
export function listenForSystemRequests(server: ServerState): void {
  const system = systemAccountOf(server);
  for (const account of server.accounts.keys()) listenForAccountRequests(server, account);
  for (const subject of [
    "$SYS.REQ.SERVER.PING",
    "$SYS.REQ.SERVER.PING.*",
    `$SYS.REQ.SERVER.${server.id}.*`,
    "$SYS.REQ.ACCOUNT.*.*",
    "$SYS.REQ.USER.*.INFO",
    debugSubject,
  ]) {
    subscribeInternal(server, system, { subject, target });
  }
}

/** What the clients of each account may ask. Source: nats-server `registerSystemImports`. */
export function listenForAccountRequests(server: ServerState, account: string): void {
  const isSystem = account === systemAccountOf(server);
  const own = isSystem ? [] : ownAccountRequests.map(([subject]) => subject);
  for (const subject of [userInfoSubject, ...own]) {
    subscribeInternal(server, account, { subject, target });
  }
}

/** Whether other servers of the cluster are told that this one hears a subject. */
export function isHeardHereOnly(subject: string): boolean {
  const isOwn = ownAccountRequests.some(([one]) => one === subject);
  return isOwn || subject === userInfoSubject || subject === debugSubject;
}

/** What a subject asks of this server; null when nobody here answers on it. */
export function readSystemRequest(
  server: ServerState,
  account: string,
  subject: string,
): SystemRequest | null {
  if (subject === userInfoSubject) return { kind: "user-info", isShared: true };
  if (account !== systemAccountOf(server)) {
    const own = ownAccountRequests.find(([one]) => one === subject);
    return own === undefined ? null : { kind: "account", what: own[1], account };
  }
  if (subject === debugSubject) return { kind: "subscribers" };
  const [, , of = "", whom = "", what] = subject.split(".");
  if (of === "SERVER") {
    if (what === undefined) return { kind: "server", what: "STATSZ" };
    const isKnown = pageNames.has(what) || (orderNames.has(what) && whom === server.id);
    return isKnown ? { kind: "server", what } : null;
  }
  if (of === "USER") return { kind: "user-info", isShared: false };
  if (what === undefined || !accountNames.has(what)) return null;
  const isAll = whom === "PING" && what === "STATZ";
  return { kind: "account", what, account: isAll ? null : whom };
}
