/** The servers that cases are played on: their configuration, and the accounts of each ground. */
import type { Ground } from "./notation.ts";

/** How many programs the real server plays at a time: each in an account of its own. */
export const lanesOf: Readonly<Record<Ground, number>> = {
  plain: 16,
  tight: 3,
  limited: 3,
  shared: 16,
  own: 4,
};

const tightLimits = `{
    max_memory: 64KB, max_file: 128KB, max_streams: 2, max_consumers: 3, max_ack_pending: 50,
    memory_max_stream_bytes: 32KB, disk_max_stream_bytes: 64KB, max_bytes_required: true
  }`;

const jetstream: Readonly<Record<Ground, string>> = {
  plain: "max_mem: 100TB, max_file: 1000TB",
  tight: "max_mem: 1GB, max_file: 4GB",
  shared: "max_mem: 100TB, max_file: 1000TB",
  own: "max_mem: 1GB, max_file: 1GB",
  limited: `max_mem: 1MB, max_file: 1MB, limits {
    max_request_batch: 10, max_ack_pending: 20, duplicate_window: "1s"
    batch { max_inflight_per_stream: 2, max_inflight_total: 3, max_msgs: 4, timeout: "1.5s" }
  }`,
};

/** The account of a lane; a program sees the same name on both servers. */
export const accountOf = (ground: Ground, lane: number): string => `${ground.toUpperCase()}${lane}`;

/** A server's configuration with the accounts of these lanes. */
export function configuration(
  ground: Ground,
  lanes: readonly number[],
  { store = "", variant = "base" }: { readonly store?: string; readonly variant?: string } = {},
): string {
  const own = variantNamed(variant);
  const isAlone = ground !== "shared" && ground !== "own";
  const accounts = lanes.map((lane) =>
    isAlone ? account(ground, accountOf(ground, lane)) : sharing(accountOf(ground, lane), own),
  );
  const storeDir = store === "" ? "" : `store_dir: "${store}", `;
  return `server_name: n1
host: 127.0.0.1
${own.server}
jetstream { ${storeDir}${jetstream[ground]} }
accounts {
  SYS { users: [{ user: sys, password: sys }] }
${accounts.join("\n")}
}
system_account: SYS
`;
}

/** Beside the owner: who may little, who may answer, and who is in an account without JetStream. */
function account(ground: Ground, name: string): string {
  const limits = ground === "tight" ? tightLimits : "enabled";
  return `  ${name} {
    jetstream: ${limits}
    users: [
      { user: ${name}, password: p }
      { user: ${name}-few, password: p, permissions: {
          publish: { allow: ["a.>", "$JS.API.STREAM.INFO.*", "$JS.ACK.>"], deny: ["a.no"] }
          subscribe: { allow: ["a.>", "R.>", "q.* workers"], deny: ["a.never"] } } }
      { user: ${name}-answers, password: p, permissions: {
          publish: { deny: ">" }, subscribe: ["service", "R.>"],
          allow_responses: { max: 2, expires: "400ms" } } }
    ]
    mappings: {
      "map.plain": "mapped.plain"
      "map.*.*": "mapped.{{wildcard(2)}}.{{wildcard(1)}}"
    }
  }
  ${name}-BARE { users: [{ user: ${name}-bare, password: p }] }`;
}

/** What a `reload` can change. */
interface Variant {
  readonly server: string;
  readonly jetstream: string;
  readonly limits: string;
  readonly few: string;
  readonly answers: boolean;
  readonly exports: string;
  readonly imports: string;
  readonly mappings: string;
}

const base: Variant = {
  server: "",
  jetstream: "enabled",
  limits: "",
  few: `publish: { allow: ["a.>", "$JS.API.STREAM.INFO.*"], deny: ["a.no"] }
    subscribe: ["a.>", "R.>"]`,
  answers: true,
  exports: `{ stream: "pub.>" }, { stream: "priv.*", accounts: [<B>] }, { stream: "deliver.>" }
      { service: "svc.*" }, { service: "many.>", response_type: stream }
      { service: "chunk", response_type: chunked }
      { service: "pos.*.x", account_token_position: 2 }
      { service: "$JS.API.>" }, { service: "$JS.ACK.>", response_type: stream }
      { service: "s.>" }, { service: "$JS.FC.>" }`,
  imports: `{ stream: { account: <A>, subject: "pub.>" }, prefix: "from" }
      { stream: { account: <A>, subject: "pub.*.x" }, to: "direct.$1" }
      { stream: { account: <A>, subject: "priv.*" } }
      { stream: { account: <A>, subject: "deliver.>" } }
      { service: { account: <A>, subject: "svc.*" }, to: "ask.$1" }
      { service: { account: <A>, subject: "svc.shared" }, to: "open", share: true }
      { service: { account: <A>, subject: "many.>" } }
      { service: { account: <A>, subject: "chunk" } }
      { service: { account: <A>, subject: "pos.<B>.x" }, to: "pos" }
      { service: { account: <A>, subject: "$JS.API.>" }, to: "JS.A.>" }
      { service: { account: <A>, subject: "$JS.ACK.S.>" } }
      { service: { account: <A>, subject: "s.>" } }
      { service: { account: <A>, subject: "$JS.FC.>" } }`,
  mappings: '"map.plain": "mapped.plain"',
};

/** Configurations by the name that `reload` gives them. */
export const variants: Readonly<Record<string, Partial<Variant>>> = {
  base: {},
  small: { server: "max_payload: 60\nmax_control_line: 300" },
  subs: { server: "max_subscriptions: 6" },
  poor: { jetstream: "{ max_streams: 1, max_consumers: 2, max_file: 400, max_memory: 400 }" },
  without: { jetstream: "disabled" },
  limits: { limits: "limits { max_payload: 20, max_subscriptions: 5, max_connections: 2 }" },
  strict: { few: 'publish: "a.x", subscribe: { allow: ["a.x", "R.>"], deny: "a.never" }' },
  free: { few: 'publish: ">", subscribe: ">"' },
  nobody: { answers: false },
  closed: { exports: '{ stream: "pub.>", accounts: [<C>] }', imports: "" },
  broken: { exports: '{ stream: "pub.>", accounts: [<C>] }' },
  apart: { imports: '{ service: { account: <A>, subject: "svc.*" }, to: "other.$1" }' },
  mapped: { mappings: '"map.plain": "a.x", "a.y": "pub.y", "pub.*": "svc.$1"' },
};

function variantNamed(name: string): Variant {
  const variant = variants[name];
  if (variant === undefined) throw new Error(`no configuration is called ${name}`);
  return { ...base, ...variant };
}

/** An account that shares, one that uses what it shares (user `b`), a small one (user `c`). */
function sharing(name: string, own: Variant): string {
  const answers = `{ user: ${name}-answers, password: p, permissions: {
          publish: { deny: ">" }, subscribe: ["svc.>", "R.>"],
          allow_responses: { max: 2, expires: "1h" } } }`;
  return `  ${name} {
    jetstream: ${own.jetstream}
    users: [
      { user: ${name}, password: p }
      { user: ${name}-few, password: p, permissions: { ${own.few} } }
      ${own.answers ? answers : ""}
    ]
    exports: [ ${own.exports} ]
    mappings: { ${own.mappings} }
  }
  <B> {
    jetstream: { max_memory: 16KB, max_file: 16KB, max_streams: 2, max_consumers: 2 }
    ${own.limits}
    users: [ { user: ${name}-b, password: p } ]
    imports: [ ${own.imports} ]
    exports: [ { stream: "back.>" } ]
  }
  <C> {
    users: [ { user: ${name}-c, password: p } ]
    limits { max_payload: 40, max_subscriptions: 4, max_connections: 2 }
    imports: [
      { stream: { account: <B>, subject: "back.>" } }
      { service: { account: <A>, subject: "svc.*" } }
    ]
  }`
    .replaceAll("<A>", name)
    .replaceAll("<B>", `${name}B`)
    .replaceAll("<C>", `${name}C`);
}

/** What a client says first. */
export function connectLine(account: string, options: object): string {
  const { as, ...others } = options as { readonly as?: string };
  const user = as === undefined ? account : `${account}-${as}`;
  const say = {
    verbose: false,
    pedantic: false,
    headers: true,
    no_responders: true,
    echo: true,
    protocol: 1,
    lang: "test",
    version: "1",
    name: "suite",
    user,
    pass: "p",
    ...others,
  };
  return `CONNECT ${JSON.stringify(say)}\r\n`;
}
