/** `websocket { … }` and `cluster { … }` of a configuration file. */
import { seconds } from "../../kernel/index.ts";
import type { ConfValue } from "../../protocol/index.ts";
import { asDuration, asListen } from "./conf-quantities.ts";
import {
  type ConfNotes,
  type FieldReader,
  ignoreAll,
  readFields,
  setterOf,
} from "./conf-reader.ts";
import { asBool, asInteger, asMap, asString, asStrings, wrong } from "./conf-values.ts";
import type { ClusterConfig, RouteAddress, WebsocketConfig } from "./server-config.ts";
import { readTls } from "./tls-conf.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

// What clusters are configured with by custom; nats-server knows no default.
const routePort = 6222;

/** Source: nats-server `parseCluster`. */
export function readCluster(value: ConfValue, notes: ConfNotes): ClusterConfig {
  const draft: ClusterDraft = { name: "", host: "0.0.0.0", port: 0, routes: [], peers: [] };
  readFields(draft, asMap(value), clusterFields, notes);
  return draft;
}

type ClusterDraft = Mutable<ClusterConfig>;
const setCluster = setterOf<ClusterDraft>();

const clusterFields: Readonly<Record<string, FieldReader<ClusterDraft>>> = {
  name: setCluster("name", (value) => {
    const name = asString(value);
    if (name.includes(" ")) throw wrong(value, "cluster name cannot contain spaces");
    return name;
  }),
  listen: (draft, value) => void Object.assign(draft, asListen(value, "")),
  host: setCluster("host", asString),
  net: setCluster("host", asString),
  port: setCluster("port", asInteger),
  routes: setCluster("routes", (value) => asStrings(value).map(routeAddress)),
  ...ignoreAll(
    [
      "accounts",
      "advertise",
      "authorization",
      "cluster_advertise",
      "compression",
      "connect_backoff",
      "connect_retries",
      "no_advertise",
      "permissions",
      "ping_interval",
      "ping_max",
      "pool_size",
      "tls",
      "write_deadline",
      "write_timeout",
    ],
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
    draft.tls = readTls(value, notes);
  },
  same_origin: setWebsocket("sameOrigin", asBool),
  allowed_origins: setWebsocket("allowedOrigins", asStrings),
  allowed_origin: setWebsocket("allowedOrigins", asStrings),
  allow_origins: setWebsocket("allowedOrigins", asStrings),
  allow_origin: setWebsocket("allowedOrigins", asStrings),
  origins: setWebsocket("allowedOrigins", asStrings),
  origin: setWebsocket("allowedOrigins", asStrings),
  compression: setWebsocket("compression", asBool),
  no_auth_user: setWebsocket("noAuthUser", asString),
  handshake_timeout: setWebsocket("handshakeTimeout", (value) =>
    asDuration(value, "handshake timeout"),
  ),
  headers: setWebsocket("headers", (value) =>
    [...asMap(value)].map(([name, one]) => [name, asString(one)]),
  ),
  ...ignoreAll(
    [
      "authentication",
      "authorization",
      "cookie",
      "jwt_cookie",
      "pass_cookie",
      "ping_interval",
      "token_cookie",
      "user_cookie",
    ],
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
  readFields(draft, asMap(value), websocketFields, notes);
  return draft;
}
