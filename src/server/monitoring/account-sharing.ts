/** What `/accountz` shows of an account's exports, imports and mappings. */
import { compareStrings, sortedBy } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import type {
  ExportConfig,
  ImportConfig,
  LatencyConfig,
  MappingConfig,
} from "../config/account-config.ts";
import { systemAccountOf } from "../connections/info.ts";
import type { Account, ServerState } from "../state.ts";
import { ownAccountRequests, userInfoSubject } from "../system/requests.ts";

const responseNames = { singleton: "Singleton", stream: "Streamed", chunked: "Chunked" } as const;

/** Source: nats-server `ExtExport`; services first. */
export function exportsOf(server: ServerState, { config, name }: Account): JsonLike {
  const isSystem = name === systemAccountOf(server);
  const own = [...config.exports.map(shownExport), ...(isSystem ? systemExports(server) : [])];
  const shown = sortedBy(own, ({ type, subject }) => `${type} ${subject}`);
  return shown.length === 0 ? undefined : shown;
}

function shownExport({ kind, subject, accounts, responses, latency }: ExportConfig) {
  return {
    subject,
    type: kind,
    response_type: kind === "service" ? responseNames[responses] : undefined,
    service_latency: shownLatency(latency),
    approved_accounts: accounts === null || accounts.length === 0 ? undefined : accounts,
  };
}

/** Source: nats-server `newExtServiceLatency`. */
function shownLatency(latency: LatencyConfig | null): JsonLike {
  if (latency === null) return undefined;
  const { sampling, subject } = latency;
  return { sampling: sampling === 0 ? "headers" : sampling, results: subject };
}

/** Source: nats-server `addSystemAccountExports`. */
function systemExports({
  jetstream,
}: ServerState): { readonly type: string; readonly subject: string }[] {
  const service = (subject: string, response: string) => ({
    subject,
    type: "service",
    response_type: response,
  });
  return [
    ...(jetstream === null ? [] : [service("$JS.API.>", "Singleton")]),
    service("$SYS.REQ.ACCOUNT.*.CONNZ", "Streamed"),
    service("$SYS.REQ.ACCOUNT.*.STATZ", "Streamed"),
    service("$SYS.DEBUG.SUBSCRIBERS", "Singleton"),
    service("$SYS.REQ.USER.*.INFO", "Singleton"),
  ];
}

/** Source: nats-server `ExtImport`: streams, then services with those of every account. */
export function importsOf(server: ServerState, account: Account): JsonLike {
  const system = systemAccountOf(server);
  const { imports } = account.config;
  const streams = imports.filter(({ kind }) => kind === "stream").map(shownImport);
  const services = imports
    .filter(({ kind }) => kind === "service")
    .map((one) => {
      const known = account.services.find(({ to }) => to === one.to);
      return { ...shownImport(one), latency: shownLatency(known?.latency ?? null) };
    });
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
  const api = server.jetstream === null ? [] : [service("$JS.API.>", "$JS.API.>", true)];
  return [...own, info, ...api];
}

/** Source: nats-server `ExtMap`, `MapDest`. */
export function mappingsShown(mappings: readonly MappingConfig[]): JsonLike {
  if (mappings.length === 0) return undefined;
  const shown = [...mappings].sort((a, b) => compareStrings(a.source, b.source));
  return Object.fromEntries(
    shown.map(({ source, destinations }) => [
      source,
      destinations.map(({ destination, cluster }, at) => ({
        subject: destination,
        weight: weightUpTo(destinations, at),
        cluster: cluster === "" ? undefined : cluster,
      })),
    ]),
  );
}

/** Weights are summed up, as nats-server keeps them, cluster by cluster. */
function weightUpTo(destinations: MappingConfig["destinations"], at: number): number {
  const cluster = destinations[at]?.cluster;
  let sum = 0;
  for (const one of destinations.slice(0, at + 1)) if (one.cluster === cluster) sum += one.weight;
  return sum;
}
