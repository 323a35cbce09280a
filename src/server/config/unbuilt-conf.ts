/** Settings that are not built: their values are judged as nats-server does, and have no effect. */
import { type ConfValue, decodePublicKey } from "../../protocol/index.ts";
import {
  block,
  type Check,
  type Checks,
  duration,
  flag,
  integer,
  listen,
  takes,
  text,
  under,
} from "./conf-checks.ts";
import { checkUrl, simpleAuth, writeTimeout } from "./conf-field-checks.ts";
import { durationText } from "./conf-quantities.ts";
import { attempt, type ConfNotes, readFields, warn } from "./conf-reader.ts";
import { asInteger, asMap, asString, goType, placeOf, WrongType, wrong } from "./conf-values.ts";
import { gateway, leafNodes } from "./other-links-conf.ts";
import { readClientTls } from "./tls-conf.ts";

/** Source: nats-server `parseMQTT`. */
const mqtt = block(
  {
    listen,
    port: integer,
    ...under(text, ["host", "net", "no_auth_user", "js_domain"]),
    tls: takes(readClientTls),
    ...under(simpleAuth, ["authorization", "authentication"]),
    ...under(duration("ack_wait"), ["ack_wait", "ackwait"]),
    ...under(duration("js_api_timeout"), ["js_api_timeout", "api_timeout"]),
    ...under(takes(checkInflight), ["max_ack_pending", "max_pending", "max_inflight"]),
    stream_replicas: integer,
    consumer_replicas: (_draft, value, notes, key) =>
      warn(notes, value, key, "consumer replicas setting ignored in this server version"),
    ...under(flag, ["consumer_memory_storage", "reject_qos2_publish", "downgrade_qos2_subscribe"]),
    ...under(duration("consumer_inactive_threshold"), [
      "consumer_inactive_threshold",
      "consumer_auto_cleanup",
    ]),
  },
  "Expected mqtt to be a map",
);

function checkInflight(value: ConfValue): void {
  const given = asInteger(value);
  if (given >= 0 && given <= 0xffff) return;
  throw wrong(value, `invalid value ${given}, should in [0..65535] range`);
}

/** Source: nats-server `processConfigFileLine`, as for all that follow. */
const ocsp: Check = (_draft, value, notes) => {
  if (value.kind === "bool") return;
  const prefix = "error parsing ocsp config: unsupported";
  if (value.kind !== "map") throw wrong(value, `${prefix} type ${goType(value)}`);
  for (const [key, one] of value.value) {
    attempt({ ...notes, typesAt: value }, () => {
      // What it prints is Go's word for the type of the mode, or of the key.
      if (key !== "mode" && key !== "urls" && key !== "url") {
        throw wrong(one, `${prefix} field string`);
      }
      if (key === "urls") throw new WrongType(one, "[]string");
      const given = asString(one).toLowerCase();
      const known = ["always", "must", "never", "auto"].includes(given);
      if (key === "mode" && !known) throw wrong(one, `${prefix} ocsp mode string`);
    });
  }
};

/** Source: nats-server `parseOCSPResponseCache`. */
const ocspCache: Check = (_draft, value, notes) => {
  if (value.kind === "bool") return;
  if (value.kind !== "map") {
    throw wrong(value, `error parsing tags: unsupported type ${goType(value)}`);
  }
  const prefix = "error parsing OCSP peer cache config";
  for (const [key, one] of value.value) {
    const name = key.toLowerCase();
    attempt(notes, () => {
      const isInterval = name === "save_interval";
      if (isInterval) return checkInterval(one, prefix);
      const wanted = name === "preserve_revoked" ? "bool" : "string";
      const known = ["type", "local_store", "preserve_revoked"].includes(name);
      if (!known || one.kind !== wanted) {
        throw wrong(one, `${prefix}, unknown field [${JSON.stringify(key)}]`);
      }
      if (name === "type" && !/^(none|local)$/i.test(String(one.value))) {
        throw wrong(one, `${prefix}, unknown type [${String(one.value)}]`);
      }
    });
  }
};

function checkInterval(value: ConfValue, prefix: string): void {
  if (value.kind === "integer" || value.kind === "float") return;
  if (value.kind !== "string") {
    throw wrong(value, `${prefix}, conversion error: unexpected type`);
  }
  const peer = "error parsing tls peer config, conversion error";
  // It says %!s(time.Duration) where it means the reason; only text gets here.
  durationText(value.value, (why) => wrong(value, `${peer}: ${why}`));
}

/** Names of files or JWTs; what is in them is looked at when they are used. */
const operators: Check = (_draft, value) => {
  const where = "error parsing operators: unsupported type";
  if (value.kind === "string") return;
  if (value.kind !== "array") throw wrong(value, `${where} ${goType(value)}`);
  if (value.value.some((one) => one.kind !== "string")) {
    throw wrong(value, `${where} *conf.token where string is expected`);
  }
};

/** Keys, of which each has to be an operator's. */
const trusted: Check = (_draft, value, notes) => {
  const where = "error parsing trusted: unsupported type";
  if (value.kind !== "string" && value.kind !== "array") {
    throw wrong(value, `${where} ${goType(value)}`);
  }
  const keys = value.kind === "string" ? [value] : value.value;
  for (const one of keys) {
    attempt(notes, () => {
      if (one.kind !== "string") throw wrong(one, `${where} in array ${goType(one)}`);
      if (decodePublicKey("operator", one.value) !== null) return;
      const key = JSON.stringify(one.value);
      // The place is that of the last of them.
      throw wrong(
        keys.at(-1) ?? one,
        `trust key ${key} required to be a valid public operator nkey`,
      );
    });
  }
};

const resolverFields: Checks = {
  ...under(text, ["dir", "type", "ttl", "interval", "timeout"]),
  ...under(flag, ["allow_delete", "hard_delete"]),
  limit: integer,
};
const kinds = 'should be MEM or  URL("url") or a map containing dir and type state=[FULL|CACHE])';

const resolver: Check = (_draft, value, notes) => {
  if (value.kind === "string") {
    if (/MEM/i.test(value.value)) return;
    const [, url] = /URL\("?([^\s"]*)"?\)/i.exec(value.value) ?? [];
    if (url !== undefined) return void checkUrl({ ...value, value: url }, "account resolver");
  } else if (value.kind !== "map") {
    throw wrong(value, `error parsing operator resolver, wrong type ${goType(value)}`);
  } else {
    const before = notes.problems.length;
    readFields(null, known(value.value), resolverFields, notes);
    if (notes.problems.length > before) return;
    for (const name of ["ttl", "interval", "timeout"]) {
      const one = value.value.get(name);
      if (one !== undefined) durationText(asString(one), (why) => wrong(value, why));
    }
    const type = String(value.value.get("type")?.value ?? "").toUpperCase();
    if (type === "MEM" || type === "MEMORY") return;
    if (type === "CACHE" || type === "FULL") return checkFolder(value, type, notes);
  }
  throw wrong(value, `error parsing account resolver, ${kinds}`);
};

/** What goes with a folder of JWTs. */
function checkFolder(value: ConfValue, type: "CACHE" | "FULL", notes: ConfNotes): void {
  const given = (key: string): ConfValue["value"] | undefined => asMap(value).get(key)?.value;
  const complaints: string[] = [];
  if ((given("dir") ?? "") === "") {
    complaints.push("dir has no value and needs to point to a directory");
  }
  if (type === "CACHE") {
    const isSet = { interval: given("interval"), allow_delete: given("allow_delete") === true };
    if (isSet.interval !== undefined) complaints.push("CACHE does not accept sync");
    if (isSet.allow_delete) complaints.push("CACHE does not accept allow_delete");
    if (asMap(value).has("hard_delete")) complaints.push("CACHE does not accept hard_delete");
  } else {
    if (given("ttl") !== undefined) complaints.push("FULL does not accept ttl");
    const isUseless = asMap(value).has("hard_delete") && given("allow_delete") !== true;
    if (isUseless) complaints.push("hard_delete has no effect without delete");
  }
  notes.problems.push(...complaints.map((text) => `${placeOf(value)}: ${text}`));
}

/** Only these are looked at, and only as they are written. */
function known(map: ReturnType<typeof asMap>): ReturnType<typeof asMap> {
  return new Map([...map].filter(([key]) => Object.hasOwn(resolverFields, key)));
}

const preload: Check = (_draft, value, notes) => {
  if (value.kind !== "map") {
    throw wrong(value, "preload should be a map of account_public_key:account_jwt");
  }
  for (const one of value.value.values()) {
    attempt(notes, () => {
      if (one.kind !== "string") throw wrong(one, "preload map value should be a string JWT");
      if (one.value.split(".").length !== 3) throw wrong(one, "invalid account JWT");
    });
  }
};

const pinned: Check = (_draft, value, notes) => {
  const where = "error parsing resolver_pinned_accounts: unsupported type";
  if (value.kind === "string") return;
  if (value.kind !== "array") throw wrong(value, `${where} ${goType(value)}`);
  for (const one of value.value) {
    if (one.kind === "string") continue;
    attempt(notes, () => {
      throw wrong(one, `${where} in array ${goType(one)}`);
    });
  }
};

/** Source: nats-server `parseProxies`, `parseProxiesTrusted`. */
const proxies = block(
  {
    trusted: (_draft, value, notes) => {
      if (value.kind !== "array") {
        const expected = "expected proxies' trusted field to be an array";
        throw wrong(value, `${expected}, got ${goType(value)}`);
      }
      for (const one of value.value) attempt(notes, () => checkProxyEntry(one, notes));
    },
  },
  "expected proxies to be a map/struct",
);

function checkProxyEntry(value: ConfValue, notes: ConfNotes): void {
  if (value.kind !== "map") {
    const expected = "expected proxies' trusted entry to be a map/struct";
    throw wrong(value, `${expected}, got ${goType(value)}`);
  }
  const anyKey: Check = (_draft, one) => {
    const key = asString(one);
    const kindsOfKeys = ["server", "operator", "curve", "account", "user"] as const;
    if (kindsOfKeys.some((kind) => decodePublicKey(kind, key) !== null)) return;
    throw wrong(one, `invalid proxy key ${JSON.stringify(key)}`);
  };
  readFields(null, value.value, { key: anyKey, public_key: anyKey }, notes);
}

const metadata: Check = (_draft, value) => {
  if (value.kind !== "map") {
    throw wrong(value, `error parsing metadata: unsupported type ${goType(value)}`);
  }
  for (const one of value.value.values()) asString(one);
};

const defaultDomain: Check = (_draft, value, notes) => {
  if (value.kind !== "map") {
    throw wrong(value, `error default_js_domain config: unsupported type ${goType(value)}`);
  }
  attempt({ ...notes, typesAt: value }, () => {
    for (const one of value.value.values()) asString(one);
  });
};

/** Settings of the whole server. */
export const unbuiltChecks: Checks = {
  ...under(text, ["default_sentinel", "http_base_path", "remote_syslog"]),
  ...under(flag, ["disable_sublist_cache", "no_sublist_cache", "no_fast_producer_stall"]),
  ...under(flag, ["no_sys_acc", "no_system", "no_system_account", "proxy_protocol", "syslog"]),
  ...under(integer, ["connect_error_reports", "reconnect_error_reports", "https_port"]),
  ...under(integer, ["log_max_num", "log_size_limit", "logfile_max_num", "logfile_size_limit"]),
  ...under(integer, ["max_closed_clients", "prof_block_rate", "prof_port"]),
  ...under(operators, ["operator", "operators", "root", "root_operator", "root_operators"]),
  roots: operators,
  ...under(trusted, ["trusted", "trusted_keys"]),
  ...under(resolver, ["resolver", "account_resolver", "accounts_resolver"]),
  resolver_pinned_accounts: pinned,
  resolver_preload: preload,
  resolver_tls: takes(readClientTls),
  https: listen,
  gateway,
  leaf: leafNodes,
  leafnodes: leafNodes,
  mqtt,
  ocsp,
  ocsp_cache: ocspCache,
  proxies,
  server_metadata: metadata,
  default_js_domain: defaultDomain,
  write_timeout: writeTimeout,
};
