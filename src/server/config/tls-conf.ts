/** `tls { … }` of a configuration file. The machine under the server does what it says. */
import { millis, nanos, seconds } from "../../kernel/index.ts";
import type { ConfValue } from "../../protocol/index.ts";
import { type Check, under } from "./conf-checks.ts";
import { durationText } from "./conf-quantities.ts";
import { attempt, type ConfNotes, type FieldReader, ignoring } from "./conf-reader.ts";
import { asArray, asMap, asString, goType, goValue, placeOf, wrong } from "./conf-values.ts";
import type { TlsConfig } from "./server-config.ts";

type Draft = { -readonly [K in keyof TlsConfig]: TlsConfig[K] };

const prefix = "error parsing tls config";
// Source: nats-server `curvePreferenceMap`.
const curves = /^(CurveP(256|384|521)|X25519|(SecP384r1MLKEM1024|(SecP256r1|X25519)MLKEM768))$/;

const file =
  (key: "certFile" | "keyFile" | "caFile", name: string): FieldReader<Draft> =>
  (draft, value) => {
    if (value.kind !== "string") throw wrong(value, `${prefix}, expected '${name}' to be filename`);
    draft[key] = value.value;
  };

const readTimeout: FieldReader<Draft> = (draft, value) => {
  if (value.kind === "integer" || value.kind === "float") draft.timeout = seconds(value.value);
  else if (value.kind !== "string") throw wrong(value, `${prefix}, 'timeout' wrong type`);
  else {
    const refuse = (why: string): Error => wrong(value, `${prefix}, 'timeout' ${why}`);
    draft.timeout = durationText(value.value, refuse);
  }
};

// Source: nats-server DEFAULT_TLS_HANDSHAKE_FIRST_FALLBACK_DELAY.
const fallbackDelay = millis(50);

const setFirst =
  (name: string): FieldReader<Draft> =>
  (draft, value) => {
    if (value.kind !== "bool" && value.kind !== "string") {
      throw wrong(value, `field "${name}" should be a boolean or a string, got ${goType(value)}`);
    }
    const text = String(value.value).toLowerCase();
    draft.handshakeFirst = text !== "false" && text !== "off";
    if (["true", "on", "false", "off"].includes(text)) return;
    const invalid = `field "${name}"'s value ${JSON.stringify(value.value)} is invalid`;
    const isAuto = text === "auto" || text === "auto_fallback";
    draft.fallbackDelay = isAuto
      ? fallbackDelay
      : durationText(String(value.value), () => wrong(value, invalid));
  };

const fields: Readonly<Record<string, FieldReader<Draft>>> = {
  cert_file: file("certFile", "cert_file"),
  key_file: file("keyFile", "key_file"),
  ca_file: file("caFile", "ca_file"),
  verify: (draft, value) => {
    draft.verify = asFlag(value, "verify");
  },
  verify_and_map: (draft, value) => {
    draft.mapUsers = asFlag(value, "verify_and_map");
    draft.verify ||= draft.mapUsers;
  },
  timeout: readTimeout,
  handshake_first: setFirst("handshake_first"),
  first: setFirst("first"),
  immediate: setFirst("immediate"),
  ...ignoring(
    {
      ...under(asFlagCheck, ["allow_insecure_cipher_suites", "insecure"]),
      ca_certs_match: checkCaMatch,
      cert_match: filled("cert_match"),
      cert_match_by: store("cert_match_by", "cert match by type not implemented"),
      cert_match_skip_invalid: checkSkip,
      cert_store: store("cert_store", "cert store type not implemented"),
      ...under(checkPairs, ["certs", "certificates"]),
      cipher_suites: named("cipher_suites", "cipher", /^TLS_[A-Z0-9_]+_SHA(256|384)?$/),
      curve_preferences: named("curve_preferences", "curve preference", curves),
      connection_rate_limit: checkRate,
      min_version: checkVersion,
      ocsp_peer: checkPeer,
      pinned_certs: checkPinned,
      verify_cert_and_check_known_urls: asFlagCheck,
    },
    "tls.",
  ),
};

/** All keys of `tls { … }`, in small letters. */
export const tlsKeys: ReadonlySet<string> = new Set(Object.keys(fields));

/** Source: nats-server TLS_TIMEOUT. */
export const defaultTls: TlsConfig = {
  certFile: "",
  keyFile: "",
  caFile: "",
  verify: false,
  mapUsers: false,
  handshakeFirst: false,
  fallbackDelay: nanos(0),
  timeout: seconds(2),
};

/** For who is dialled by clients: names are not checked against addresses there. */
export function readClientTls(value: ConfValue, notes: ConfNotes): TlsConfig {
  const check = asMap(value).get("verify_cert_and_check_known_urls");
  if (check?.kind === "bool" && check.value) {
    throw wrong(check, "verify_cert_and_check_known_urls not supported in this context");
  }
  return readLinkTls(value, notes);
}

/** Source: nats-server `parseTLS`, `GenTLSConfig`. Whoever reads a file lists `tls` as ignored. */
export function readLinkTls(value: ConfValue, notes: ConfNotes): TlsConfig {
  const draft: Draft = { ...defaultTls };
  for (const [key, field] of asMap(value)) {
    const name = key.toLowerCase();
    const reader = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (reader !== undefined) attempt(notes, () => reader(draft, field, notes, key));
    else throw wrong(field, `${prefix}, unknown field ${JSON.stringify(key)}`);
  }
  const [has, needs] = [draft.certFile !== "", draft.keyFile !== ""];
  if (has && !needs) throw wrong(value, "missing 'key_file' in TLS configuration");
  if (needs && !has) throw wrong(value, "missing 'cert_file' in TLS configuration");
  return draft;
}

function asFlag(value: ConfValue, name: string): boolean {
  if (value.kind === "bool") return value.value;
  throw wrong(value, `${prefix}, expected '${name}' to be a boolean`);
}

function asFlagCheck(_draft: unknown, value: ConfValue, _notes: ConfNotes, key: string): void {
  asFlag(value, key);
}

/** Source: nats-server `certstore`, as for the next three. */
function filled(name: string): Check {
  return (_draft, value) => {
    if (value.kind === "string" && value.value !== "") return;
    throw wrong(value, `expected '${name}' to be a valid non-empty string`);
  };
}

/** What only Windows has. */
function store(name: string, complaint: string): Check {
  return (draft, value, notes, key) => {
    filled(name)(draft, value, notes, key);
    throw wrong(value, complaint);
  };
}

function checkSkip(_draft: unknown, value: ConfValue): void {
  if (value.kind !== "bool")
    throw wrong(value, "expected 'cert_match_skip_invalid' to be a boolean");
}

function checkCaMatch(_draft: unknown, value: ConfValue): void {
  if (value.kind !== "array" || value.value.every(({ kind }) => kind === "string")) return;
  const unsupported = "unsupported type *conf.token where string is expected";
  throw wrong(value, `error parsing ca_cert_match: ${unsupported}`);
}

function checkPairs(_draft: unknown, value: ConfValue): void {
  const where = "error parsing certificates config";
  // It names the type of the block around it.
  if (value.kind !== "array") {
    throw wrong(value, `${where}: unsupported type map[string]interface {}`);
  }
  for (const pair of value.value) {
    if (pair.kind !== "map") throw wrong(pair, `${where}: unsupported type ${goType(pair)}`);
    for (const [key, one] of pair.value) {
      if (one.kind !== "string") throw wrong(one, `${where}: unsupported type ${goType(one)}`);
      if (key === "cert_file" || key === "key_file") continue;
      throw wrong(one, `error parsing tls certs config, unknown field ${JSON.stringify(key)}`);
    }
    if (pair.value.has("cert_file") && pair.value.has("key_file")) continue;
    const last = [...pair.value.values()].at(-1) ?? pair;
    throw wrong(last, `${where}: both 'cert_file' and 'cert_key' options are required`);
  }
}

function named(field: string, what: string, pattern: RegExp): Check {
  return (_draft, value) => {
    const names = asArray(value);
    if (names.length === 0) throw wrong(value, `${prefix}, '${field}' cannot be empty`);
    for (const one of names) {
      const name = asString(one);
      if (!pattern.test(name)) throw wrong(one, `unrecognized ${what} ${name}`);
    }
  };
}

function checkRate(_draft: unknown, value: ConfValue): void {
  if (value.kind !== "integer") throw wrong(value, `${prefix}, 'connection_rate_limit' wrong type`);
}

/** Source: nats-server `parseTLSVersion`. */
function checkVersion(_draft: unknown, value: ConfValue): void {
  if (value.kind !== "string") {
    throw wrong(value, `${prefix}: 'min_version' wrong type: ${goValue(value)}`);
  }
  if (value.value === "1.2" || value.value === "1.3") return;
  const isOld = value.value === "1.0" || value.value === "1.1";
  const complaint = isOld ? "unsupported TLS version: TLS" : "unknown version:";
  throw wrong(value, `${prefix}: ${complaint} ${value.value}`);
}

/** Source: nats-server `parseOCSPPeer`. */
function checkPeer(_draft: unknown, value: ConfValue): void {
  if (value.kind === "bool") return;
  // It names the type of the block around it.
  if (value.kind !== "map") {
    const unsupported = "unsupported type map[string]interface {}";
    throw wrong(value, `error parsing ocsp peer config: ${unsupported}`);
  }
  for (const [key, one] of value.value) {
    const name = key.toLowerCase();
    const isFlag = ["verify", "warn_only", "unknown_is_good", "allow_when_ca_unreachable"];
    const isTime = ["allowed_clockskew", "ca_timeout", "cache_ttl_when_next_update_unset"];
    const where = `${placeOf(one)}: error parsing tls peer config`;
    if (isFlag.includes(name) ? one.kind !== "bool" : !isTime.includes(name)) {
      throw wrong(value, `${where}, unknown field [${JSON.stringify(key)}]`);
    }
    if (isFlag.includes(name) || one.kind === "integer" || one.kind === "float") continue;
    const refuse = (why: string): Error => wrong(value, `${where}, conversion error: ${why}`);
    if (one.kind !== "string") throw refuse("unexpected type");
    durationText(one.value, (why) =>
      refuse(name === "allowed_clockskew" ? "unexpected type" : why),
    );
  }
}

function checkPinned(_draft: unknown, value: ConfValue): void {
  const hashes = "hex-encoded sha256 of DER encoded SubjectPublicKeyInfo";
  if (value.kind !== "array") {
    throw wrong(value, `${prefix}, expected 'pinned_certs' to be a list of ${hashes}`);
  }
  for (const one of value.value) {
    const key = asString(one).toLowerCase();
    if (/^[a-f0-9]{64}$/.test(key)) continue;
    throw wrong(one, `${prefix}, 'pinned_certs' key ${key} does not look like ${hashes}`);
  }
}
