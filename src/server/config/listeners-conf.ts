/** `websocket { … }` and `cluster { … }` of a configuration file. */
import { seconds } from "../../kernel/index.ts";
import { type ConfValue, isValidSubject } from "../../protocol/index.ts";
import { readPermissions } from "./authorization-conf.ts";
import { duration, flag, integer, takes, text, under } from "./conf-checks.ts";
import {
  asTextList,
  asUrls,
  compression,
  simpleAuth,
  textList,
  writeTimeout,
} from "./conf-field-checks.ts";
import { asDuration, asListen, durationText } from "./conf-quantities.ts";
import {
  attempt,
  type ConfNotes,
  type FieldReader,
  ignoring,
  readFields,
  setterOf,
} from "./conf-reader.ts";
import {
  asBool,
  asInteger,
  asString,
  goType,
  goValue,
  placeOf,
  wrong,
  wrongSomewhere,
} from "./conf-values.ts";
import { linkAuthorization, linkName } from "./link-conf.ts";
import type { ClusterConfig, RouteAddress, WebsocketConfig } from "./server-config.ts";
import { readClientTls, readLinkTls } from "./tls-conf.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

// What clusters are configured with by custom; nats-server knows no default.
const routePort = 6222;

/** Source: nats-server `parseCluster`. */
export function readCluster(value: ConfValue, notes: ConfNotes): ClusterConfig {
  const draft: ClusterDraft = { name: "", host: "0.0.0.0", port: 0, routes: [], peers: [] };
  if (value.kind !== "map") {
    throw wrong(value, `Expected map to define cluster, got ${goType(value)}`);
  }
  readFields(draft, value.value, clusterFields, notes);
  return draft;
}

/** What it lets in and out of the cluster. Source: nats-server `checkClusterPermissionSubjects`. */
function checkPermissions(value: ConfValue, notes: ConfNotes): void {
  if (value.kind !== "map") {
    throw wrongSomewhere(`Expected permissions to be a map/struct, got ${goValue(value)}`);
  }
  const { publish, subscribe, responses } = readPermissions(value, notes);
  if (responses !== null) {
    throw wrong(value, "Cluster permissions do not support dynamic responses");
  }
  const lists = [
    ["import allow", publish?.allow],
    ["import deny", publish?.deny],
    ["export allow", subscribe?.allow],
    ["export deny", subscribe?.deny],
  ] as const;
  for (const [what, subjects] of lists) {
    const bad = subjects?.find((subject) => !isValidSubject(subject));
    if (bad === undefined) continue;
    throw wrong(value, `cluster ${what}: subject ${JSON.stringify(bad)} is not a valid subject`);
  }
}

// Source: nats-server `routeMaxPingInterval`.
const pingIntervalMax = seconds(30);

function checkPingInterval(value: ConfValue, notes: ConfNotes): void {
  if (asDuration(value, "ping_interval", notes) <= pingIntervalMax) return;
  const text = "Cluster 'ping_interval' will reset to 30s which is the max for routes";
  notes.warnings.push(`${placeOf(value)}: ${text}`);
}

type ClusterDraft = Mutable<ClusterConfig>;
const setCluster = setterOf<ClusterDraft>();

const clusterFields: Readonly<Record<string, FieldReader<ClusterDraft>>> = {
  name: (draft, value, notes, key) => {
    linkName("cluster")(draft, value, notes, key);
    draft.name = asString(value);
  },
  listen: (draft, value) => void Object.assign(draft, asListen(value, "")),
  host: setCluster("host", asString),
  net: setCluster("host", asString),
  port: setCluster("port", asInteger),
  routes: setCluster("routes", (value, notes) => asUrls(value, "route", notes).map(routeAddress)),
  ...ignoring(
    {
      accounts: textList("accounts"),
      ...under(text, ["advertise", "cluster_advertise"]),
      authorization: linkAuthorization("Cluster"),
      compression,
      connect_backoff: flag,
      connect_retries: integer,
      no_advertise: flag,
      permissions: takes(checkPermissions),
      ping_interval: takes(checkPingInterval),
      ping_max: integer,
      pool_size: integer,
      tls: takes(readLinkTls),
      write_deadline: duration("write_deadline"),
      write_timeout: writeTimeout,
    },
    "cluster.",
  ),
};

/** Source: nats-server `parseURL`; what names no port means that of routes. */
function routeAddress(url: string): RouteAddress {
  const place = url.replace(/^[\w-]+:\/\//, "").replace(/^[^@/]*@/, "");
  const [, host = "", port = ""] = /^(\[[^\]]*\]|[^:/]*)(?::(\d+))?/.exec(place) ?? [];
  return { host, port: port === "" ? routePort : Number(port) };
}

type WebsocketDraft = Mutable<WebsocketConfig>;
const setWebsocket = setterOf<WebsocketDraft>();

const websocketFields: Readonly<Record<string, FieldReader<WebsocketDraft>>> = {
  listen: (draft, value) => void Object.assign(draft, asListen(value, "")),
  port: setWebsocket("port", asInteger),
  host: setWebsocket("host", asString),
  net: setWebsocket("host", asString),
  advertise: setWebsocket("advertise", asString),
  no_tls: setWebsocket("noTls", asBool),
  tls: (draft, value, notes) => {
    notes.ignored.push("websocket.tls");
    draft.tls = readClientTls(value, notes);
  },
  same_origin: setWebsocket("sameOrigin", asBool),
  compress: setWebsocket("compression", asBool),
  allowed_origins: setWebsocket("allowedOrigins", readOrigins),
  allowed_origin: setWebsocket("allowedOrigins", readOrigins),
  allow_origins: setWebsocket("allowedOrigins", readOrigins),
  allow_origin: setWebsocket("allowedOrigins", readOrigins),
  origins: setWebsocket("allowedOrigins", readOrigins),
  origin: setWebsocket("allowedOrigins", readOrigins),
  compression: setWebsocket("compression", asBool),
  no_auth_user: setWebsocket("noAuthUser", asString),
  handshake_timeout: setWebsocket("handshakeTimeout", handshakeTimeout),
  headers: setWebsocket("headers", readHeaders),
  ping_interval: setWebsocket("pingInterval", (value, notes) =>
    asDuration(value, "ping_interval", notes),
  ),
  ...ignoring(
    {
      ...under(simpleAuth, ["authentication", "authorization"]),
      ...under(text, ["jwt_cookie", "pass_cookie", "token_cookie", "user_cookie"]),
    },
    "websocket.",
  ),
};

/** Source: nats-server `parseWebsocket`. */
export function readWebsocket(value: ConfValue, notes: ConfNotes): WebsocketConfig {
  const draft: WebsocketDraft = {
    host: "0.0.0.0",
    port: 0,
    noTls: false,
    sameOrigin: false,
    allowedOrigins: [],
    compression: false,
    noAuthUser: "",
    handshakeTimeout: seconds(2),
    headers: [],
  };
  if (value.kind !== "map") {
    throw wrong(value, `Expected websocket to be a map, got ${goType(value)}`);
  }
  readFields(draft, value.value, websocketFields, notes);
  return draft;
}

function readOrigins(value: ConfValue, notes: ConfNotes): string[] {
  return asTextList(value, "allowed origins", notes);
}

function handshakeTimeout(value: ConfValue): WebsocketConfig["handshakeTimeout"] {
  if (value.kind === "integer") return seconds(value.value);
  if (value.kind === "string") return durationText(value.value, (why) => wrong(value, why));
  const where = "error parsing handshake timeout: unsupported type";
  throw wrong(value, `${where} ${goType(value)}`);
}

function readHeaders(value: ConfValue, notes: ConfNotes): [string, string][] {
  if (value.kind !== "map") {
    throw wrong(value, `error parsing headers: unsupported type ${goType(value)}`);
  }
  const headers: [string, string][] = [];
  for (const [name, one] of value.value) {
    attempt(notes, () => {
      if (one.kind !== "string") {
        throw wrong(one, `error parsing header key ${name}: unsupported type ${goType(one)}`);
      }
      headers.push([name, one.value]);
    });
  }
  return headers;
}
