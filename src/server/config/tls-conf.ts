/** `tls { … }` of a configuration file. The machine under the server does what it says. */
import { millis, nanos, seconds } from "../../kernel/index.ts";
import type { ConfValue } from "../../protocol/index.ts";
import { durationText } from "./conf-quantities.ts";
import { attempt, type ConfNotes, type FieldReader, ignoreAll } from "./conf-reader.ts";
import { asMap, goType, wrong } from "./conf-values.ts";
import type { TlsConfig } from "./server-config.ts";

type Draft = { -readonly [K in keyof TlsConfig]: TlsConfig[K] };

const prefix = "error parsing tls config";

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
  ...ignoreAll(
    [
      "allow_insecure_cipher_suites",
      "ca_certs_match",
      "cert_match",
      "cert_match_by",
      "cert_match_skip_invalid",
      "cert_store",
      "certificates",
      "certs",
      "cipher_suites",
      "connection_rate_limit",
      "curve_preferences",
      "insecure",
      "min_version",
      "ocsp_peer",
      "pinned_certs",
      "verify_cert_and_check_known_urls",
    ],
    "tls.",
  ),
};

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

/** Source: nats-server `parseTLS`, `GenTLSConfig`. Whoever reads a file lists `tls` as ignored. */
export function readTls(value: ConfValue, notes: ConfNotes): TlsConfig {
  const draft: Draft = { ...defaultTls };
  for (const [key, field] of asMap(value)) {
    const name = key.toLowerCase();
    const reader = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (reader !== undefined) attempt(notes, () => reader(draft, field, notes));
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
