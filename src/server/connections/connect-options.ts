/** The JSON of CONNECT and INFO. */
import type { ConnectOptions } from "../state.ts";
import { type GoType, readMembers } from "./go-members.ts";

/** Before CONNECT. Source: nats-server `client.go` `defaultOpts`. */
export const defaultConnectOptions: ConnectOptions = {
  verbose: true,
  pedantic: true,
  echo: true,
  headers: false,
  noResponders: false,
  protocol: 0,
  name: "",
  lang: "",
  version: "",
  user: "",
  pass: "",
  token: "",
  nkey: "",
  sig: "",
  account: "",
  newAccount: false,
};

/** Wire names, lower case as Go compares them, to ours. */
const ours: Readonly<Record<string, keyof ConnectOptions>> = {
  verbose: "verbose",
  pedantic: "pedantic",
  echo: "echo",
  headers: "headers",
  no_responders: "noResponders",
  new_account: "newAccount",
  protocol: "protocol",
  name: "name",
  lang: "lang",
  version: "version",
  user: "user",
  pass: "pass",
  auth_token: "token",
  nkey: "nkey",
  sig: "sig",
  account: "account",
};

/** Source: nats-server `ClientOpts`. */
const connectMembers = typesOf({
  bool: "echo verbose pedantic tls_required new_account headers no_responders",
  string: "nkey jwt sig auth_token user pass name lang version account remote_account proxy_sig",
  int: "protocol",
  permission: "import export",
});

/** Source: nats-server `Info`. */
const infoMembers = typesOf({
  bool:
    "headers auth_required tls_required tls_verify tls_available jetstream cluster_dynamic ldm " +
    "connect_info acc_is_sys lnoc lnocu ln info_on_connect gateway_nrp gateway_iom",
  string:
    "server_id server_name version git_commit go host ip client_ip nonce cluster domain " +
    "compression remote_account route_account route_acc_add_reqid gateway gateway_url " +
    "gateway_cmd_payload xkey",
  int: "proto port api_lvl route_pool_size route_pool_idx",
  int32: "max_payload",
  uint64: "client_id",
  uint8: "gossip_mode gateway_cmd",
  strings: "connect_urls ws_connect_urls gateway_urls leafnode_urls",
  permission: "import export",
});

/**
 * Members that are not given keep what `known` says, as Go's decoder does. Throws
 * `JsonError` for what is no object, and for a member of the wrong type.
 */
export function readConnectOptions(text: string, known: ConnectOptions): ConnectOptions {
  const given: Partial<Record<keyof ConnectOptions, string | number | boolean>> = {};
  for (const [name, value] of readMembers(text, "ClientOpts", connectMembers)) {
    const own = Object.hasOwn(ours, name) ? ours[name] : undefined;
    if (own === undefined || typeof value === "object") continue;
    given[own] = value;
  }
  return { ...known, ...given } as ConnectOptions;
}

/** A client's INFO says nothing to a server, but has to make sense. Throws `JsonError`. */
export function checkInfo(text: string): void {
  readMembers(text, "Info", infoMembers);
}

function typesOf(names: Partial<Record<GoType, string>>): ReadonlyMap<string, GoType> {
  const types = new Map<string, GoType>();
  for (const [type, list] of Object.entries(names)) {
    for (const name of list.split(" ")) types.set(name, type as GoType);
  }
  return types;
}
