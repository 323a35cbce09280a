/**
 * The last word to a client whose certificate is not good. Node ends such a connection without one,
 * and the client reads a bare end of file; nats-server, as all of Go, says what was wrong.
 *
 * Node has no call for it, so the record is made here: under TLS 1.3 of the secret that protects
 * what a server sends, under TLS 1.2 in the clear, before the server's own Finished has left.
 * Source: RFC 8446 5.2, 6, 7.1 and 7.3; RFC 5246 6.2.1, 7.2 and 7.3.
 */
import { createCipheriv, createHmac } from "node:crypto";
import type { TLSSocket } from "node:tls";

export interface Refusal {
  /** As the log has it, in the words of Go's packages. */
  readonly why: string;
  /** The number of the alert. */
  readonly alert: number;
}

const fatal = 2;
const alertType = 21;
const applicationType = 23;
const tagBytes = 16;
const nonceBytes = 12;
/** What a server sends first are tickets, a record each, for a session that is new. */
const ticketsSent = 2;

const suites: Readonly<Record<string, Suite>> = {
  TLS_AES_128_GCM_SHA256: { cipher: "aes-128-gcm", keyBytes: 16, hash: "sha256" },
  TLS_AES_256_GCM_SHA384: { cipher: "aes-256-gcm", keyBytes: 32, hash: "sha384" },
  TLS_CHACHA20_POLY1305_SHA256: { cipher: "chacha20-poly1305", keyBytes: 32, hash: "sha256" },
};

interface Suite {
  readonly cipher: "aes-128-gcm" | "aes-256-gcm" | "chacha20-poly1305";
  readonly keyBytes: number;
  readonly hash: string;
}

/** Whether the server ends the handshake, of a session that is new, and in the clear till then. */
export function speaksLast(secure: TLSSocket): boolean {
  return secure.getProtocol() !== "TLSv1.3";
}

/** Null for a client that may come in. Source: Go's crypto/tls `processCertsFromClient`. */
export function refusalOf(secure: TLSSocket): Refusal | null {
  if (secure.authorized) return null;
  if (secure.getPeerX509Certificate() === undefined) {
    return {
      why: "tls: client didn't provide a certificate",
      alert: speaksLast(secure) ? 40 : 116,
    };
  }
  const code = String(secure.authorizationError);
  const unverified = "tls: failed to verify certificate: x509: certificate";
  if (/ISSUER|SELF_SIGNED|LEAF_SIGNATURE/.test(code)) {
    return { why: `${unverified} signed by unknown authority`, alert: 48 };
  }
  if (/EXPIRED|NOT_YET_VALID/.test(code)) {
    return { why: `${unverified} has expired or is not yet valid`, alert: 45 };
  }
  return { why: `${unverified} is not valid: ${code}`, alert: 42 };
}

/** The secret in a line of a key log, when it is the one that {@link alertRecord} needs. */
export function sendingSecret(line: Buffer): Buffer | null {
  const found = /^SERVER_TRAFFIC_SECRET_0 [0-9a-f]+ ([0-9a-f]+)/.exec(line.toString("latin1"));
  return found === null ? null : Buffer.from(found[1] ?? "", "hex");
}

/**
 * Bytes for the connection below `secure`, whose tickets have left, or which {@link speaksLast} and
 * has not spoken. Null when they cannot be told: for unknown suites, or without the secret.
 */
export function alertRecord(
  secure: TLSSocket,
  secret: Buffer | undefined,
  alert: number,
): Buffer | null {
  if (speaksLast(secure)) return Buffer.from([alertType, 3, 3, 0, 2, fatal, alert]);
  const suite = suites[secure.getCipher().standardName];
  if (suite === undefined || secret === undefined) return null;
  const { cipher, keyBytes, hash } = suite;
  const key = expandLabel(hash, secret, { label: "key", bytes: keyBytes });
  const nonce = expandLabel(hash, secret, { label: "iv", bytes: nonceBytes });
  nonce[nonceBytes - 1] = (nonce[nonceBytes - 1] ?? 0) ^ ticketsSent;
  const content = Buffer.from([fatal, alert, alertType]);
  const head = Buffer.from([applicationType, 3, 3, 0, content.length + tagBytes]);
  // GCM and Poly1305 differ in Node's types alone.
  const sealing = createCipheriv(cipher as "aes-128-gcm", key, nonce, { authTagLength: tagBytes });
  sealing.setAAD(head);
  return Buffer.concat([head, sealing.update(content), sealing.final(), sealing.getAuthTag()]);
}

/** HKDF-Expand-Label without a context, for what fits into one block. */
function expandLabel(
  hash: string,
  secret: Buffer,
  { label, bytes }: { readonly label: string; readonly bytes: number },
): Buffer {
  const name = Buffer.from(`tls13 ${label}`, "latin1");
  const info = Buffer.concat([Buffer.from([0, bytes, name.length]), name, Buffer.from([0, 1])]);
  return createHmac(hash, secret).update(info).digest().subarray(0, bytes);
}
