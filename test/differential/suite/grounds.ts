/** The servers that cases are played on: their configuration, and the accounts of each ground. */
import type { Ground } from "./notation.ts";

/** How many programs the real server plays at a time: each in an account of its own. */
export const lanesOf: Readonly<Record<Ground, number>> = { plain: 16, tight: 3, limited: 3 };

const tightLimits = `{
    max_memory: 64KB, max_file: 128KB, max_streams: 2, max_consumers: 3, max_ack_pending: 50,
    memory_max_stream_bytes: 32KB, disk_max_stream_bytes: 64KB, max_bytes_required: true
  }`;

const jetstream: Readonly<Record<Ground, string>> = {
  plain: "max_mem: 100TB, max_file: 1000TB",
  tight: "max_mem: 1GB, max_file: 4GB",
  limited: `max_mem: 1MB, max_file: 1MB, limits {
    max_request_batch: 10, max_ack_pending: 20, duplicate_window: "1s"
  }`,
};

/** The account of a lane; a program sees the same name on both servers. */
export const accountOf = (ground: Ground, lane: number): string => `${ground.toUpperCase()}${lane}`;

/** A server's configuration with the accounts of these lanes. */
export function configuration(ground: Ground, lanes: readonly number[], store: string): string {
  const accounts = lanes.map((lane) => account(ground, accountOf(ground, lane)));
  const storeDir = store === "" ? "" : `store_dir: "${store}", `;
  return `server_name: n1
host: 127.0.0.1
jetstream { ${storeDir}${jetstream[ground]} }
accounts {
  SYS { users: [{ user: sys, password: sys }] }
${accounts.join("\n")}
}
system_account: SYS
`;
}

/** Beside the owner: a user who may little, and one who may answer. */
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
  }`;
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
