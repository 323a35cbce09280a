/** A server's configuration as a file that says the same: what `serverConfigFromText` reads. */
import { formatGoDuration } from "../../jetstream/index.ts";
import { type DurationNanos, nanos } from "../../kernel/index.ts";
import type {
  AccountConfig,
  ExportConfig,
  ImportConfig,
  MappingConfig,
  PermissionsConfig,
  SubjectPermission,
  UserConfig,
} from "./account-config.ts";
import type { JetStreamConfig } from "./jetstream-config.ts";
import { defaultServerConfig, type ServerConfig } from "./server-config.ts";

/** A value, a block of more, or a list; null and undefined are left out. */
type Item = string | number | boolean | null | undefined | Block | readonly (string | Block)[];
interface Block {
  readonly [key: string]: Item;
}

/** What differs from the defaults, most important first. Certificates are files of their own. */
export function configText(config: ServerConfig): string {
  const standard = defaultServerConfig("");
  const { limits, monitoring, websocket, cluster } = config;
  const unless = <T>(value: T, usual: T): T | undefined => (value === usual ? undefined : value);
  const time = (value: DurationNanos, usual: DurationNanos): string | undefined =>
    value === usual ? undefined : formatGoDuration(value);
  const usual = standard.limits;
  return lines({
    server_name: config.name,
    listen: `${config.host}:${config.port}`,
    client_advertise: unless(config.clientAdvertise, ""),
    http: monitoring === null ? undefined : `${monitoring.host}:${monitoring.port}`,
    websocket:
      websocket === null
        ? undefined
        : {
            listen: `${websocket.host}:${websocket.port}`,
            advertise: unless(websocket.advertise ?? "", ""),
            no_tls: websocket.noTls,
            same_origin: unless(websocket.sameOrigin, false),
            allowed_origins: list(websocket.allowedOrigins),
            compression: unless(websocket.compression, false),
            no_auth_user: unless(websocket.noAuthUser, ""),
            ping_interval: time(websocket.pingInterval ?? nanos(0), nanos(0)),
          },
    cluster:
      cluster === null
        ? undefined
        : {
            name: cluster.name,
            listen: `${cluster.host}:${cluster.port}`,
            routes: cluster.routes.map(({ host, port }) => `nats://${host}:${port}`),
          },
    server_tags: list(config.tags),
    max_payload: unless(limits.maxPayload, usual.maxPayload),
    max_connections: unless(limits.maxConnections, usual.maxConnections),
    max_subscriptions: unless(limits.maxSubscriptions, usual.maxSubscriptions),
    max_sub_tokens: unless(limits.maxSubTokens, usual.maxSubTokens),
    max_control_line: unless(limits.maxControlLine, usual.maxControlLine),
    max_pending: unless(limits.maxPending, usual.maxPending),
    ping_interval: time(config.pingInterval, standard.pingInterval),
    ping_max: unless(config.pingMax, standard.pingMax),
    write_deadline: time(config.writeDeadline, standard.writeDeadline),
    lame_duck_duration: time(config.lameDuckDuration, standard.lameDuckDuration),
    lame_duck_grace_period: time(config.lameDuckGracePeriod, standard.lameDuckGracePeriod),
    no_header_support: unless(config.noHeaders, false),
    system_account: unless(config.systemAccount, ""),
    no_auth_user: unless(config.noAuthUser, ""),
    authorization: authorizationBlock(config),
    accounts: blockOf(config.accounts, accountBlock),
    mappings: mappingBlock(config.mappings),
    store_dir: unless(config.storeDir, ""),
    jetstream: config.jetstream === null ? undefined : jetStreamBlock(config.jetstream),
  });
}

function authorizationBlock({ authorization }: ServerConfig): Block | undefined {
  const { username, password, token, users, timeout, defaultPermissions } = authorization;
  const standard = defaultServerConfig("").authorization;
  return orNone({
    user: username === "" ? undefined : username,
    password: password === "" ? undefined : password,
    token: token === "" ? undefined : token,
    timeout: timeout === standard.timeout ? undefined : formatGoDuration(timeout),
    default_permissions: permissionsBlock(defaultPermissions),
    users: users.length === 0 ? undefined : users.map(userBlock),
  });
}

function userBlock({ username, password, nkey, permissions }: UserConfig): Block {
  const who = nkey === "" ? { user: username, password } : { nkey };
  return { ...who, permissions: permissionsBlock(permissions) };
}

function permissionsBlock(permissions: PermissionsConfig | null): Block | undefined {
  if (permissions === null) return undefined;
  const { publish, subscribe, responses } = permissions;
  return {
    publish: subjectsBlock(publish),
    subscribe: subjectsBlock(subscribe),
    allow_responses:
      responses === null
        ? undefined
        : { max: responses.max, expires: formatGoDuration(responses.expires) },
  };
}

function subjectsBlock(permission: SubjectPermission | null): Block | undefined {
  if (permission === null) return undefined;
  return { allow: permission.allow ?? undefined, deny: list(permission.deny) };
}

function accountBlock(account: AccountConfig): Block {
  const { jetstream, users, maxConnections, maxSubscriptions, maxPayload } = account;
  const set = (limit: number): number | undefined => (limit === -1 ? undefined : limit);
  return {
    users: users.length === 0 ? undefined : users.map(userBlock),
    default_permissions: permissionsBlock(account.defaultPermissions),
    jetstream:
      jetstream === null
        ? undefined
        : (orNone({
            max_mem: set(jetstream.maxMemory),
            max_file: set(jetstream.maxFile),
            max_streams: set(jetstream.maxStreams),
            max_consumers: set(jetstream.maxConsumers),
            max_ack_pending: set(jetstream.maxAckPending),
            mem_max_stream_bytes: jetstream.maxMemoryStreamBytes || undefined,
            disk_max_stream_bytes: jetstream.maxFileStreamBytes || undefined,
            max_bytes_required: jetstream.maxBytesRequired || undefined,
          }) ?? "enabled"),
    exports: account.exports.length === 0 ? undefined : account.exports.map(exportBlock),
    imports: account.imports.length === 0 ? undefined : account.imports.map(importBlock),
    mappings: mappingBlock(account.mappings),
    limits: orNone({
      max_connections: set(maxConnections),
      max_subscriptions: set(maxSubscriptions),
      max_payload: set(maxPayload),
    }),
  };
}

function exportBlock({ kind, subject, accounts, responses, ...more }: ExportConfig): Block {
  const { latency, accountPosition, threshold } = more;
  const isService = kind === "service";
  return {
    [kind]: subject,
    accounts: accounts ?? undefined,
    response_type: isService && responses !== "singleton" ? responses : undefined,
    response_threshold: isService ? formatGoDuration(threshold) : undefined,
    account_token_position: accountPosition || undefined,
    latency:
      latency === null
        ? undefined
        : { sampling: latency.sampling || "headers", subject: latency.subject },
  };
}

function importBlock({ kind, account, subject, to, share }: ImportConfig): Block {
  return {
    [kind]: { account, subject },
    to: to === subject ? undefined : to,
    share: share || undefined,
  };
}

function mappingBlock(mappings: readonly MappingConfig[]): Block | undefined {
  const entries = mappings.map(({ source, destinations }): [string, Item] => [
    source,
    destinations.map(({ destination, weight, cluster }) => ({
      destination,
      weight: `${weight}%`,
      cluster: cluster === "" ? undefined : cluster,
    })),
  ]);
  return orNone(Object.fromEntries(entries));
}

function jetStreamBlock(jetstream: JetStreamConfig): Block {
  const { storeDir, maxMemory, maxFile, domain, syncInterval, strict, limits } = jetstream;
  return {
    store_dir: storeDir === "" ? undefined : storeDir,
    max_mem: maxMemory < 0 ? undefined : maxMemory,
    max_file: maxFile < 0 ? undefined : maxFile,
    domain: domain === "" ? undefined : domain,
    sync_interval: syncInterval === null ? "always" : formatGoDuration(syncInterval),
    strict: strict ? undefined : false,
    limits: orNone({
      max_request_batch: limits.maxRequestBatch || undefined,
      max_ack_pending: limits.maxAckPending || undefined,
      max_ha_assets: limits.maxHaAssets || undefined,
      duplicate_window:
        limits.duplicateWindow === 0 ? undefined : formatGoDuration(limits.duplicateWindow),
    }),
  };
}

function blockOf<T extends { readonly name: string }>(
  items: readonly T[],
  block: (item: T) => Block,
): Block | undefined {
  return orNone(Object.fromEntries(items.map((item) => [item.name, block(item)])));
}

function list(items: readonly string[]): readonly string[] | undefined {
  return items.length === 0 ? undefined : items;
}

function orNone(block: Block): Block | undefined {
  return Object.values(block).some((item) => isSet(item)) ? block : undefined;
}

function isSet(item: Item): item is NonNullable<Item> {
  return item !== undefined && item !== null;
}

function lines(block: Block, indent = ""): string {
  let text = "";
  for (const [key, item] of Object.entries(block)) {
    if (isSet(item)) text += `${indent}${quotedKey(key)}: ${shown(item, indent)}\n`;
  }
  return text;
}

function shown(item: NonNullable<Item>, indent: string): string {
  const inner = `${indent}  `;
  if (typeof item === "string") return quoted(item);
  if (typeof item !== "object") return String(item);
  if (!Array.isArray(item)) return `{\n${lines(item as Block, inner)}${indent}}`;
  const all = item as readonly (string | Block)[];
  if (all.every((one) => typeof one === "string")) return `[${all.map(quoted).join(", ")}]`;
  return `[\n${all.map((one) => `${inner}${shown(one, inner)}\n`).join("")}${indent}]`;
}

/** Bare words are for what cannot be taken for anything else. */
function quoted(text: string): string {
  return /^[A-Za-z][\w-]*$/.test(text) && !/^(true|false|yes|no|on|off|include)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

function quotedKey(key: string): string {
  return /^[A-Za-z][\w-]*$/.test(key) ? key : JSON.stringify(key);
}
