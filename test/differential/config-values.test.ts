/**
 * Every key that nats-server knows, with a value that does not suit it: what it says is said here.
 * Which value a key gets is its turn, so that each kind of key meets each kind of value.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { serverConfigFromText } from "../../src/server/index.ts";
import { natsServerPath } from "./real-server.ts";

const values: readonly string[] = [
  ...["5", "true", "x", "[5]", "{ nope: 1 }", "-5", "1.5", "'a b'", "''", "[x]", "{}"],
  ...["99999999999", "'5x'", "'10s'"],
];

/** A block, % for one of its keys and a value; then its keys. Aliases share their code. */
const blocks: readonly (readonly [string, string])[] = [
  [
    "%",
    "accounts allow_non_tls authorization client_advertise cluster connect_error_reports debug default_js_domain default_sentinel disable_sublist_cache feature_flags gateway host http http_base_path http_port https https_port jetstream lame_duck_duration lame_duck_grace_period leafnodes listen logfile logfile_max_num logfile_size_limit logtime logtime_utc mappings max_closed_clients max_connections max_control_line max_payload max_pending max_sub_tokens max_subscriptions max_traced_msg_len mqtt no_auth_user no_fast_producer_stall no_header_support no_system_account ocsp ocsp_cache pidfile ping_interval ping_max port ports_file_dir prof_block_rate prof_port proxies proxy_protocol reconnect_error_reports remote_syslog resolver resolver_pinned_accounts resolver_preload resolver_tls server_metadata server_name server_tags store_dir syslog system_account tls trace trace_headers trace_verbose trusted websocket write_deadline write_timeout nope",
  ],
  [
    "authorization { % }",
    "user pass token timeout users default_permissions auth_callout proxy_required nope",
  ],
  ["authorization { auth_callout { % } }", "account allowed_accounts auth_users issuer xkey nope"],
  [
    "authorization { users [ { user: a, % } ] }",
    "password permissions allowed_connection_types proxy_required nkey nope",
  ],
  [
    "authorization { users [ { user: a, password: b, permissions { % } } ] }",
    "publish subscribe allow_responses nope",
  ],
  [
    "authorization { users [ { user: a, password: b, permissions { publish { % } } } ] }",
    "allow deny nope",
  ],
  [
    "authorization { users [ { user: a, password: b, permissions { allow_responses { % } } } ] }",
    "max expires nope",
  ],
  [
    "accounts { A { % } }",
    "default_permissions exports imports jetstream limits mappings msg_trace users nope",
  ],
  ["accounts { A { msg_trace { dest: a, % } } }", "sampling nope"],
  [
    "accounts { A { limits { % } } }",
    "max_connections max_leafnodes max_payload max_subscriptions nope",
  ],
  [
    "accounts { A { jetstream { % } } }",
    "cluster_traffic disk_max_stream_bytes max_ack_pending max_bytes_required max_consumers max_memory max_store max_streams mem_max_stream_bytes nope",
  ],
  [
    "accounts { A { exports [ { service: a, % } ] } }",
    "accounts allow_trace latency response threshold nope",
  ],
  ["accounts { A { exports [ { service: a, latency { subject: b, % } } ] } }", "sampling nope"],
  [
    "accounts { B { exports [ { stream: a } ] }, A { imports [ { stream { account: B, subject: a }, % } ] } }",
    "to prefix share allow_trace nope",
  ],
  ["accounts { A { imports [ { stream { % } } ] } }", "account subject nope"],
  ["mappings { a: [ { destination: b, weight: 50, % } ] }", "cluster nope"],
  [
    "jetstream { % }",
    "cipher domain enable extension_hint info_queue_limit key limits max_buffered_msgs max_buffered_size max_concurrent_io max_file max_mem max_outstanding_catchup meta_compact meta_compact_size meta_compact_sync prev_key request_queue_limit store_dir sync_interval tpm unique_tag nope",
  ],
  [
    "jetstream { limits { % } }",
    "batch default_max_consumers duplicate_window max_ack_pending max_ha_assets max_request_batch nope",
  ],
  [
    "jetstream { limits { batch { % } } }",
    "max_inflight_per_stream max_inflight_total max_msgs timeout nope",
  ],
  ["jetstream { tpm { % } }", "cipher encryption_password keys_file pcr srk_password nope"],
  [
    "websocket { no_tls: true, % }",
    "advertise allowed_origins authorization compression handshake_timeout headers host jwt_cookie listen no_auth_user no_tls pass_cookie ping_interval port same_origin tls token_cookie user_cookie nope",
  ],
  ["websocket { no_tls: true, authorization { % } }", "user pass token timeout users nope"],
  [
    "cluster { name: c, % }",
    "accounts authorization advertise compression connect_backoff connect_retries host listen name no_advertise permissions ping_interval ping_max pool_size port routes tls write_deadline write_timeout nope",
  ],
  [
    "cluster { authorization { % } }",
    "user pass token timeout users default_permissions auth_callout nope",
  ],
  ["cluster { permissions { % } }", "import export allow_responses nope"],
  ["cluster { compression { % } }", "mode rtt_thresholds nope"],
  [
    "gateway { % }",
    "advertise authorization connect_backoff connect_retries gateways host listen name port reject_unknown tls write_deadline write_timeout nope",
  ],
  ["gateway { gateways [ { % } ] }", "name tls url urls nope"],
  [
    "leafnodes { % }",
    "authorization compression dial_timeout host isolate advertise listen min_version no_advertise port reconnect remotes tls write_deadline write_timeout nope",
  ],
  ["leafnodes { authorization { % } }", "account nkey pass proxy_required timeout user users nope"],
  ["leafnodes { authorization { users [ { % } ] } }", "account pass proxy_required user nope"],
  [
    "leafnodes { remotes [ { % } ] }",
    "account compression credentials deny_exports deny_imports dial_timeout disabled first_info_timeout hub ignore_discovered_servers isolate js_cluster_migrate nkey no_randomize proxy request_isolation tls url urls ws_compression ws_no_masking nope",
  ],
  [
    "leafnodes { remotes [ { url: 'ws://a', proxy { url: 'http://b', % } } ] }",
    "username password timeout tls nope",
  ],
  [
    "mqtt { % }",
    "ack_wait authorization consumer_inactive_threshold consumer_memory_storage consumer_replicas downgrade_qos2_subscribe host js_api_timeout js_domain listen max_ack_pending no_auth_user port reject_qos2_publish stream_replicas tls nope",
  ],
  [
    "tls { % }",
    "allow_insecure_cipher_suites ca_certs_match cert_match cert_match_by cert_match_skip_invalid cert_store certs cipher_suites connection_rate_limit curve_preferences handshake_first insecure min_version ocsp_peer pinned_certs timeout verify verify_and_map verify_cert_and_check_known_urls nope",
  ],
  ["ocsp_cache { % }", "type local_store preserve_revoked save_interval nope"],
  ["ocsp { % }", "mode urls url nope"],
  ["proxies { % }", "trusted nope"],
  ["proxies { trusted [ { % } ] }", "key nope"],
  ["resolver { % }", "type allow_delete limit ttl nope"],
];

/** What is wrong only together with something else. */
const together: readonly string[] = [
  "accounts { A { exports [{service: a}], imports [{service {account: B, subject: a}}] }, B { exports [{service: a}], imports [{service {account: A, subject: a}}] } }",
  "accounts { A { exports [{stream: a}], imports [{stream {account: B, subject: a}}] }, B { exports [{stream: a}], imports [{stream {account: A, subject: a}}] } }",
  "accounts { A { exports [{service: a}], imports [{service {account: A, subject: a}}] } }",
  "accounts { A { exports [{service: a}], imports [{service {account: A, subject: a}, to: b}] } }",
  "accounts { A { imports [ {service {account: B, subject: a}}, {service {account: B, subject: a}} ] }, B { exports [ {service: a} ] } }",
  "accounts { A { exports [ {stream: a} ] }, B { imports [ {stream {account: A, subject: a}, prefix: p, to: q} ] } }",
  "accounts { A { exports [ {service: a, response: stream, response_type: single} ] } }",
  "accounts { A { exports [ {service: a, latency: 'a b'} ] } }",
  "accounts { A { users [ {user: x, password: y} ] }, B { users [ {user: x, password: z} ] } }",
  "accounts: [A, A]",
  "accounts: [A, 5]",
  "gateway { gateways [ {name: x, url: 'nats://a:b'} ] }",
  "gateway { name: _ }",
  "cluster { routes: ['nats://a:1', 'nats://a:1'] }",
  "cluster { routes: ['%zz', '1a:4222'] }",
  "cluster { permissions { import: 'a b' } }",
  "cluster { permissions { import { allow: 'a..b' } } }",
  "cluster { ping_interval: '1m' }",
  "authorization { timeout: '2m' }",
  "authorization { auth_callout { issuer: ABJHLOVMPA4CI6R5KLNGOB4GSLNIY7IOUPAJC4YFNDLQVIOBYQGUWVLA } }",
  "leafnodes { authorization { users [ {user: a}, {user: a} ] } }",
  "leafnodes { authorization { user: a, users [ {user: a} ] } }",
  "leafnodes { min_version: 2.7.0 }",
  "leafnodes { remotes [ {url: x, proxy {url: 'http://a', username: b} } ] }",
  "leafnodes { remotes [ {url: x}, {url: x} ] }",
  "tls { certs [ { cert_file: a } ] }",
  "tls { min_version: '1.1' }",
  "trusted: [5, \"x\", 'y']",
  "mqtt { max_ack_pending: 70000 }",
  "resolver: MEMORY",
  "resolver { type: cache, dir: /tmp, allow_delete: true }",
  "ocsp { mode: nope }",
  "max_payload: 3GB",
  "max_sub_tokens: 256",
  "write_deadline: 5\nping_max: x",
];

const files: readonly string[] = [
  ...blocks.flatMap(([block, keys]) => keys.split(" ").map((key) => ({ block, key }))),
].flatMap(({ block, key }, i) => {
  const texts = [values[i % values.length], values[(i * 5 + 3) % values.length]];
  return texts.map((value) => block.replace("%", () => `${key}: ${value}`));
});

/** How many nats-servers check at a time. */
const lanes = 3;

/** What `nats-server -t` says of each. */
async function askNatsServer(texts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "windtunnel-config-"));
  const answers = new Map<string, string>();
  const queue = [...new Set(texts)];
  const lane = async (name: number): Promise<void> => {
    const cwd = join(folder, `${name}`);
    mkdirSync(cwd);
    for (let text = queue.shift(); text !== undefined; text = queue.shift()) {
      writeFileSync(join(cwd, "my.conf"), text);
      const child = spawn(natsServerPath ?? "", ["-t", "-c", "my.conf"], { cwd });
      let said = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk) => {
          said += String(chunk);
        });
      }
      await new Promise((done) => child.once("close", done));
      answers.set(text, said.replace(/^nats-server: /, "").replace(/ \(sha256:\w+\)/, ""));
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, i) => lane(i)));
  rmSync(folder, { recursive: true, force: true });
  return answers;
}

function check(text: string): string {
  try {
    const { warnings } = serverConfigFromText(text, { file: "my.conf" });
    return warnings.length > 0 ? warnings.join("\n") : "configuration file my.conf is valid";
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}

/**
 * The complaints, in no order: nats-server goes through maps by chance. Left out is where it falls
 * over its own first complaint, and how Go prints lists and maps: as addresses in memory.
 */
function complaints(said: string): string[] {
  return said
    .split("\n")
    .map((line) => line.trimEnd().replace(/(got |type: | of )(\[.*\]|map\[.*\])$/, "$1[]"))
    .filter((line) => line !== "" && !line.includes("runtime error: invalid memory address"))
    .toSorted();
}

describe.skipIf(natsServerPath === null)("values beside nats-server", () => {
  test("what does not suit a key is refused in its words", async () => {
    const all = [...files, ...together];
    const theirs = await askNatsServer(all);
    const differing = all.filter(
      (text) =>
        complaints(check(text)).join("\n") !== complaints(theirs.get(text) ?? "").join("\n"),
    );
    expect(differing.map((text) => `${text}\n${theirs.get(text)}${check(text)}`)).toEqual([]);
    expect(all.length).toBeGreaterThan(700);
  }, 240_000);
});
