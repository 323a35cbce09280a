/** The JSON of CONNECT. */
import { isJsonObject, type Json, JsonError, parseJson } from "../../protocol/index.ts";
import type { ConnectOptions } from "../state.ts";

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
const booleans: Readonly<Record<string, keyof ConnectOptions>> = {
  verbose: "verbose",
  pedantic: "pedantic",
  echo: "echo",
  headers: "headers",
  no_responders: "noResponders",
  new_account: "newAccount",
};
const strings: Readonly<Record<string, keyof ConnectOptions>> = {
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
const otherStrings = ["jwt"];

/**
 * Members that are not given keep what `known` says, as Go's decoder does. Throws
 * {@link JsonError} for what is no object, and for a member of the wrong type.
 */
export function readConnectOptions(text: string, known: ConnectOptions): ConnectOptions {
  const json = parseJson(text);
  if (json === null) return known;
  if (!isJsonObject(json)) throw new JsonError("CONNECT takes an object");
  const given: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(json)) {
    if (value !== null) readMember(key.toLowerCase(), value, given);
  }
  return { ...known, ...given };
}

function readMember(
  name: string,
  value: Json,
  given: Record<string, string | number | boolean>,
): void {
  const flag = Object.hasOwn(booleans, name) ? booleans[name] : undefined;
  const text = Object.hasOwn(strings, name) ? strings[name] : undefined;
  if (flag !== undefined) {
    if (typeof value !== "boolean") throw wrongType(name);
    given[flag] = value;
  } else if (text !== undefined || otherStrings.includes(name)) {
    if (typeof value !== "string") throw wrongType(name);
    if (text !== undefined) given[text] = value;
  } else if (name === "protocol") {
    if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(name);
    given.protocol = value;
  }
}

function wrongType(name: string): JsonError {
  return new JsonError(`CONNECT member ${name} has the wrong type`);
}
