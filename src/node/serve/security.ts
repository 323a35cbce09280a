/** TLS for real sockets: certificates, handshakes, and what a handshake tells. */
import { constants } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import {
  createSecureContext,
  createServer,
  type Server,
  type TLSSocket,
  type TlsOptions,
} from "node:tls";
import type { PeerTls, Secured, ServerConfig, TlsConfig } from "../../server/index.ts";
import { alertRecord, type Refusal, refusalOf, sendingSecret, speaksLast } from "./tls-alert.ts";

/** What a listener knows of TLS; replaced when the configuration is loaded anew. */
export interface Security {
  readonly config: TlsConfig;
  /** What INFO says when it goes out first, and when the handshake does. */
  readonly told: PeerTls;
  readonly toldLater: PeerTls;
  readonly handshakes: Handshakes;
}

/** Null without `tls`. Throws with nats-server's words for files that cannot be used. */
export function openSecurity({ tls, allowNonTls = false }: ServerConfig): Security | null {
  if (tls === undefined) return null;
  const told = { required: !allowNonTls, verify: tls.verify, available: allowNonTls };
  const toldLater = { ...told, required: true };
  return { config: tls, told, toldLater, handshakes: new Handshakes(tls) };
}

/** For a listener of Node's. Throws as above. */
export function tlsOptions(config: TlsConfig): TlsOptions {
  const { certFile, keyFile, caFile, verify } = config;
  const checks = {
    minVersion: "TLSv1.2" as const,
    requestCert: verify,
    rejectUnauthorized: verify,
    handshakeTimeout: config.timeout / 1e6,
    // OpenSSL resumes the session of a certificate that has expired since; Go does not.
    secureOptions: verify ? constants.SSL_OP_NO_TICKET : 0,
  };
  const pair = readPair(certFile, keyFile);
  return { ...checks, ...pair, ...(caFile === "" ? {} : { ca: readFileSync(caFile) }) };
}

function readPair(certFile: string, keyFile: string): { cert: Buffer; key: Buffer } {
  try {
    const pair = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    createSecureContext(pair);
    return pair;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`error parsing X509 certificate/key pair: ${why}`);
  }
}

/** Encrypts connections that somebody else accepted. */
export class Handshakes {
  readonly #server: Server;
  /** Who waits, by where the peer is: what it is called while it is connected. */
  readonly #waiting = new Map<string, Waiting>();
  /** What alerts are made of, where clients may be refused. */
  readonly #secrets = new WeakMap<TLSSocket, Buffer>();
  readonly #verify: boolean;

  constructor(config: TlsConfig) {
    // Who is refused is told why: Node would end the connection before that.
    this.#server = createServer({ ...tlsOptions(config), rejectUnauthorized: false });
    this.#verify = config.verify;
    if (config.verify) {
      this.#server.on("keylog", (line, secure) => {
        const secret = sendingSecret(line);
        if (secret !== null) this.#secrets.set(secure, secret);
      });
    }
    this.#server.on("secureConnection", (secure) => this.#settle(secure, null));
    this.#server.on("tlsClientError", (error, secure) => this.#settle(secure, error));
  }

  /** Answers the encrypted socket, or null when the peer went away or fell short. */
  begin(socket: Socket, onFailure: (why: string) => void): Promise<TLSSocket | null> {
    return new Promise((resolve) => {
      const name = nameOf(socket);
      const fail = (why: string): void => {
        if (!this.#waiting.delete(name)) return;
        onFailure(why);
        socket.destroy();
        resolve(null);
      };
      this.#waiting.set(name, { socket, resolve, fail });
      socket.once("close", () => fail("EOF"));
      this.#server.emit("connection", socket);
    });
  }

  #settle(secure: TLSSocket, error: Error | null): void {
    const name = nameOf(secure);
    const waiting = this.#waiting.get(name);
    if (error !== null) {
      waiting?.fail(error.message);
      return;
    }
    const refusal = this.#verify ? refusalOf(secure) : null;
    if (refusal !== null) {
      // What is left of a handshake leaves when its turn is over: tickets, that are to come first,
      // or what tells a client of TLS 1.2 that it is welcome.
      if (speaksLast(secure)) this.#refuse(secure, refusal, waiting);
      else setImmediate(() => this.#refuse(secure, refusal, waiting));
      return;
    }
    this.#waiting.delete(name);
    if (waiting === undefined) secure.destroy();
    else waiting.resolve(secure);
  }

  #refuse(secure: TLSSocket, { why, alert }: Refusal, waiting: Waiting | undefined): void {
    const record = alertRecord(secure, this.#secrets.get(secure), alert);
    if (waiting === undefined) secure.destroy();
    else if (record === null || waiting.socket.destroyed) waiting.fail(why);
    else waiting.socket.write(record, () => waiting.fail(why));
  }
}

interface Waiting {
  readonly socket: Socket;
  readonly resolve: (secure: TLSSocket | null) => void;
  readonly fail: (why: string) => void;
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** What the handshake told of a client. */
export function securedBy(secure: TLSSocket, first: boolean): Secured {
  const version = (secure.getProtocol() ?? "").replace(/^TLSv/, "");
  return Object.freeze({
    version,
    cipher: secure.getCipher().standardName,
    first,
    names: Object.freeze(namesIn(secure)),
  });
}

/** E-mail addresses, hosts, URIs, then the subject, last part first as Go prints it. */
function namesIn(secure: TLSSocket): string[] {
  const certificate = secure.getPeerX509Certificate();
  if (certificate === undefined) return [];
  const alternatives = (certificate.subjectAltName ?? "").split(", ");
  const of = (kind: string): string[] =>
    alternatives.filter((one) => one.startsWith(kind)).map((one) => one.slice(kind.length));
  const subject = certificate.subject.split("\n").reverse().join(",");
  return [...of("email:"), ...of("DNS:"), ...of("URI:"), subject];
}
