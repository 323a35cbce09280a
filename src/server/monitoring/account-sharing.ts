/** What `/accountz` shows of an account's exports, imports and mappings. */
import { compareStrings, sortedBy } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import type { ExportConfig, ImportConfig, MappingConfig } from "../config/account-config.ts";
import { systemAccountOf } from "../connections/info.ts";
import type { Account, ServerState } from "../state.ts";
import { ownAccountRequests, userInfoSubject } from "../system/requests.ts";

const responseNames = { singleton: "Singleton", stream: "Stream", chunked: "Chunked" } as const;

/** Source: nats-server `ExtExport`; services first. */
export function exportsOf({ config }: Account, isSystem: boolean): JsonLike {
  const own = [...config.exports.map(shownExport), ...(isSystem ? systemExports() : [])];
  const shown = sortedBy(own, ({ type, subject }) => `${type} ${subject}`);
  return shown.length === 0 ? undefined : shown;
}

function shownExport({ kind, subject, accounts, responses, latency }: ExportConfig) {
  return {
    subject,
    type: kind,
    response_type: kind === "service" ? responseNames[responses] : undefined,
    service_latency:
      latency === null || latency === undefined
        ? undefined
        : {
            sampling: latency.sampling === 0 ? "headers" : latency.sampling,
            results: latency.subject,
          },
    token_req: undefined,
    approved_accounts: accounts === null || accounts.length === 0 ? undefined : accounts,
  };
}

/** Source: nats-server `addSystemAccountExports`. */
function systemExports(): { readonly type: string; readonly subject: string }[] {
  const service = (subject: string, response: string) => ({
    subject,
    type: "service",
    response_type: response,
  });
  return [
    service("$SYS.REQ.ACCOUNT.*.CONNZ", "Stream"),
    service("$SYS.REQ.ACCOUNT.*.STATZ", "Stream"),
    service("$SYS.DEBUG.SUBSCRIBERS", "Singleton"),
    service("$SYS.REQ.USER.*.INFO", "Singleton"),
  ];
}

/** Source: nats-server `ExtImport`: streams, then services with those of every account. */
export function importsOf(server: ServerState, account: Account): JsonLike {
  const system = systemAccountOf(server);
  const { imports } = account.config;
  const streams = imports.filter(({ kind }) => kind === "stream").map(shownImport);
  const services = imports.filter(({ kind }) => kind === "service").map(shownImport);
  const given = systemImports(server, account.name, system);
  const shown = [...streams, ...sortedBy([...services, ...given], (one) => one.local_subject)];
  return shown.length === 0 ? undefined : shown;
}

function shownImport({ kind, subject, account, to, share }: ImportConfig) {
  return {
    subject,
    account,
    to: kind === "service" ? to : undefined,
    local_subject: to,
    type: kind as string,
    invalid: false,
    share,
    tracking: false,
  };
}

/** Source: nats-server `registerSystemImports`, `enableAllJetStreamServiceImportsAndMappings`. */
function systemImports(server: ServerState, name: string, system: string) {
  const service = (subject: string, local: string, share: boolean) =>
    shownImport({ kind: "service", subject, account: system, to: local, share });
  const info = service(`$SYS.REQ.USER.${name}.INFO`, userInfoSubject, true);
  if (name === system) return [info];
  const own = ownAccountRequests.map(([local, what]) =>
    service(`$SYS.REQ.ACCOUNT.${name}.${what}`, local, false),
  );
  const hasJetStream = server.jetstream?.accounts.has(name) === true;
  const api = hasJetStream ? [service("$JS.API.>", "$JS.API.>", true)] : [];
  return [...own, info, ...api];
}

/** Source: nats-server `ExtMap`, `MapDest`. */
export function mappingsShown(mappings: readonly MappingConfig[]): JsonLike {
  if (mappings.length === 0) return undefined;
  const shown = [...mappings].sort((a, b) => compareStrings(a.source, b.source));
  return Object.fromEntries(
    shown.map(({ source, destinations }) => [
      source,
      destinations.map(({ destination, weight, cluster }) => ({
        subject: destination,
        weight,
        cluster,
      })),
    ]),
  );
}
