/** `gateway { … }` and `leafnodes { … }`: judged as nats-server does, without effect here. */
import type { ConfValue } from "../../protocol/index.ts";
import { authTimeout, readSubjects } from "./authorization-conf.ts";
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
import {
  asUrls,
  checkUrl,
  compression,
  entries,
  publicKey,
  writeTimeout,
} from "./conf-field-checks.ts";
import { asDuration } from "./conf-quantities.ts";
import { attempt, type ConfNotes, readFields } from "./conf-reader.ts";
import { asMap, asString, goType, goValue, wrong, wrongSomewhere } from "./conf-values.ts";
import { linkAuthorization, linkName } from "./link-conf.ts";
import { readClientTls, readLinkTls, tlsKeys } from "./tls-conf.ts";

const place: Checks = { listen, port: integer, host: text, net: text };
const deadline: Checks = {
  write_deadline: duration("write_deadline"),
  write_timeout: writeTimeout,
};

/** Source: nats-server `parseGateways`. */
const gateways: Check = (_draft, value, notes) => {
  if (value.kind !== "array") {
    throw wrongSomewhere(`Expected gateways field to be an array, got ${goType(value)}`);
  }
  const entry = "Expected gateway entry to be a map/struct";
  const fields: Checks = {
    name: text,
    tls: takes(readLinkTls),
    url: takes((url) => checkUrl(url, "gateway")),
    urls: takes((urls, all) => asUrls(urls, "gateway", all)),
  };
  entries(value, notes, ["", entry], (one) => readFields(null, asMap(one), fields, notes));
};

/** Source: nats-server `parseGateway`. */
export const gateway = block(
  {
    ...place,
    ...deadline,
    name: linkName("gateway"),
    authorization: linkAuthorization("Gateway"),
    tls: takes(readLinkTls),
    advertise: text,
    connect_retries: integer,
    connect_backoff: flag,
    gateways,
    ...under(flag, ["reject_unknown", "reject_unknown_cluster"]),
  },
  "Expected gateway to be a map",
);

const leafUser: Checks = {
  ...under(text, ["user", "username", "pass", "password", "account"]),
  proxy_required: flag,
};

/** Source: nats-server `parseLeafUsers`. */
function leafUsers(value: ConfValue, notes: ConfNotes): void {
  if (value.kind !== "array") {
    throw wrong(value, `Expected users field to be an array, got ${goValue(value)}`);
  }
  const entry = "Expected user entry to be a map/struct";
  entries(value, notes, ["", entry], (one) => readFields(null, asMap(one), leafUser, notes));
}

/** Source: nats-server `parseLeafAuthorization`, `validateLeafNodeAuthOptions`. */
const leafAuthorization: Check = (_draft, value, notes) => {
  const map = asMap(value);
  const fields: Checks = {
    ...under(text, ["user", "username", "pass", "password", "account"]),
    nkey: publicKey("user", () => "Not a valid public nkey for leafnode authorization"),
    timeout: takes((one) => authTimeout(one, notes, "leafnode ")),
    users: takes(leafUsers),
    proxy_required: flag,
  };
  readFields(null, map, fields, notes);
  const users = map.get("users");
  if (users?.kind !== "array" || users.value.length === 0) return;
  if ((map.get("user") ?? map.get("username")) !== undefined) {
    throw wrong(value, "can not have a single user/pass and a users array");
  }
  if (map.has("nkey")) throw wrong(value, "can not have a single nkey and a users array");
  const seen = new Set<unknown>();
  for (const one of users.value) {
    const name = one.kind === "map" ? one.value.get("user")?.value : undefined;
    if (name !== undefined && seen.has(name)) {
      const user = JSON.stringify(name);
      throw wrong(value, `duplicate user ${user} detected in leafnode authorization`);
    }
    seen.add(name);
  }
};

/** Source: nats-server `checkLeafMinVersionConfig`. */
const minimumVersion: Check = (_draft, value) => {
  const [, major, minor] = /^(\d+)\.(\d+)\.(\d+)(?:-.*)?$/.exec(asString(value)) ?? [];
  if (major === undefined) {
    throw wrong(value, "invalid leafnode's minimum version: invalid semver");
  }
  if (Number(major) * 1000 + Number(minor) >= 2008) return;
  throw wrong(value, "the minimum version should be at least 2.8.0");
};

const subjects = takes((value) => readSubjects(value, false));

const migrate: Check = (_draft, value, notes) => {
  if (value.kind === "bool") return;
  if (value.kind !== "map") {
    const expected = "Expected boolean or map for jetstream_cluster_migrate";
    throw wrongSomewhere(`${expected}, got ${goType(value)}`);
  }
  const delay = value.value.get("leader_migrate_delay");
  if (delay !== undefined) asDuration(delay, "leader_migrate_delay", notes);
};

const remoteUrls: Check = (_draft, value, notes) => {
  if (value.kind === "array") asUrls(value, "leafnode", notes);
  else if (value.kind === "string") checkUrl(value, "leafnode");
  else {
    const expected = "Expected remote leafnode url to be an array or string";
    throw wrong(value, `${expected}, got ${goValue(value)}`);
  }
};

const seed: Check = (_draft, value) => {
  // A user's seed begins so; the rest is its secret.
  if (/^SU[A-Z2-7]{56}$/.test(asString(value))) return;
  const given = JSON.stringify(value.value);
  throw wrong(value, `Remote leafnode nkey is not a valid seed: ${given}`);
};

const proxyFields: Checks = {
  ...under(text, ["url", "username", "password"]),
  timeout: duration("proxy timeout"),
  tls: takes(readProxyTls),
};

/** What an outgoing connection has no use for. Source: nats-server `proxyTLSSupportedKeys`. */
const proxyTlsUnused =
  /^(verify(_.*)?|connection_rate_limit|pinned_certs|handshake_first|first|immediate|ocsp_peer)$/i;

function readProxyTls(value: ConfValue, notes: ConfNotes): void {
  for (const [key, one] of asMap(value)) {
    const isKnown = tlsKeys.has(key.toLowerCase()) && !proxyTlsUnused.test(key);
    if (!isKnown) throw wrong(one, `${JSON.stringify(key)} is not supported for proxy TLS`);
  }
  readClientTls(value, notes);
}

/** Source: nats-server `validateLeafNodeProxyOptions`. */
function checkProxy(value: ConfValue, notes: ConfNotes): void {
  if (value.kind !== "map") throw wrong(value, `Expected proxy to be a map, got ${goType(value)}`);
  const before = notes.problems.length;
  readFields(null, value.value, proxyFields, notes);
  if (notes.problems.length > before) return;
  const given = (key: string): string => String(value.value.get(key)?.value ?? "");
  const url = given("url");
  if (url === "") {
    if (value.value.size === 0) return;
    throw wrong(value, "proxy URL must be specified when other proxy options are set");
  }
  const [, scheme = "", host = ""] = /^(?:([A-Za-z][\w+.-]*):)?(?:\/\/([^/?#]*))?/.exec(url) ?? [];
  if (scheme !== "http" && scheme !== "https") {
    throw wrong(value, `proxy URL scheme must be http or https, got: ${scheme}`);
  }
  if (host === "") throw wrong(value, "proxy URL must specify a host");
  if (value.value.has("tls") && scheme !== "https") {
    throw wrong(value, `proxy TLS configuration requires an https proxy URL, got: ${scheme}`);
  }
  const timeout = value.value.get("timeout");
  if (timeout?.kind === "integer" ? timeout.value < 0 : given("timeout").startsWith("-")) {
    throw wrong(value, "proxy timeout must be >= 0");
  }
  if ((given("username") === "") !== (given("password") === "")) {
    throw wrong(value, "proxy username and password must both be specified or both be empty");
  }
}

const remoteFields: Checks = {
  ...under(flag, ["no_randomize", "dont_randomize", "hub", "disabled", "request_isolation"]),
  ...under(flag, ["isolate_leafnode_interest", "isolate", "ignore_discovered_servers"]),
  ...under(flag, ["ws_compress", "ws_compression", "websocket_compress"]),
  ...under(flag, ["websocket_compression", "ws_no_masking", "websocket_no_masking"]),
  ...under(text, ["account", "local", "creds", "credentials"]),
  ...under(remoteUrls, ["url", "urls"]),
  ...under(seed, ["nkey", "seed"]),
  ...under(subjects, ["deny_imports", "deny_import", "deny_exports", "deny_export"]),
  ...under(migrate, ["jetstream_cluster_migrate", "js_cluster_migrate"]),
  ...under(duration(), ["first_info_timeout", "dial_timeout"]),
  tls: takes(readClientTls),
  compression,
  proxy: takes(checkProxy),
};

function shownUrls(value: ConfValue): string {
  const urls = value.kind === "array" ? value.value : [value];
  return urls.map((url) => JSON.stringify(url.value)).join(" ");
}

/** Source: nats-server `parseRemoteLeafNodes`. */
const remotes: Check = (_draft, value, notes) => {
  const complaints = [
    "Expected remotes field to be an array",
    "Expected remote leafnode entry to be a map/struct",
  ] as const;
  const seen = new Set<string>();
  entries(value, notes, complaints, (one) => {
    const map = asMap(one);
    readFields(null, map, remoteFields, notes);
    const url = map.get("url") ?? map.get("urls");
    const account = map.get("account") ?? map.get("local");
    const [named, of] = [url === undefined ? "" : shownUrls(url), account?.value ?? "$G"];
    const name = `urls=[${named}], account=${JSON.stringify(of)}`;
    attempt(notes, () => {
      const last = [...map.values()].at(-1) ?? one;
      if (seen.has(name)) throw wrong(last, `duplicate remote ${name}`);
    });
    seen.add(name);
    if (map.has("nkey") && map.has("credentials")) {
      attempt(notes, () => {
        throw wrong(one, "Remote leafnode can not have both creds and nkey defined");
      });
    }
  });
};

/** Source: nats-server `parseLeafNodes`. */
export const leafNodes = block(
  {
    ...place,
    ...deadline,
    authorization: leafAuthorization,
    remotes,
    ...under(duration("reconnect"), ["reconnect", "reconnect_delay", "reconnect_interval"]),
    dial_timeout: duration("dial_timeout"),
    tls: takes(readClientTls),
    ...under(text, ["leafnode_advertise", "advertise"]),
    no_advertise: flag,
    ...under(minimumVersion, ["min_version", "minimum_version"]),
    compression,
    ...under(flag, ["isolate_leafnode_interest", "isolate"]),
  },
  "Expected map to define a leafnode",
);
