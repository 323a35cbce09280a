/** Certificates for tests, made with what Node has: X.509 version 3, ECDSA on P-256. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Authority {
  readonly name: string;
  readonly key: KeyObject;
  readonly caFile: string;
  readonly folder: string;
}

export interface Pair {
  readonly certFile: string;
  readonly keyFile: string;
}

const lastMoment = "491231235959Z";

/** An authority with its certificate in `folder`. */
export function createAuthority(folder: string, name: string): Authority {
  const { publicKey, privateKey } = newKeys();
  const caFile = join(folder, `${name}.pem`);
  const parts = { issuer: name, subject: name, publicKey, signer: privateKey, names: [] };
  writeFileSync(caFile, certificate({ ...parts, until: lastMoment, isAuthority: true }));
  return { name, key: privateKey, caFile, folder };
}

/**
 * A certificate for hosts, addresses (`1.2.3.4`) and mailboxes (`a@b`), with its key. `until` is
 * written as in a certificate: year, month, day, time, Z.
 */
export function issue(
  from: Authority,
  subject: string,
  names: readonly string[],
  until = lastMoment,
): Pair {
  const { publicKey, privateKey } = newKeys();
  const certFile = join(from.folder, `${subject}.pem`);
  const keyFile = join(from.folder, `${subject}.key`);
  const parts = { issuer: from.name, subject, publicKey, signer: from.key, names };
  writeFileSync(certFile, certificate({ ...parts, until, isAuthority: false }));
  writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
  return { certFile, keyFile };
}

function newKeys() {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

interface Parts {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly names: readonly string[];
  readonly until: string;
  readonly isAuthority: boolean;
}

/** RFC 5280 section 4.1. */
function certificate(parts: Parts): string {
  const toSign = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(parts.issuer),
    sequence(time("200101000000Z"), time(parts.until)),
    nameOf(parts.subject),
    parts.publicKey.export({ type: "spki", format: "der" }),
    explicit(3, sequence(...extensionsOf(parts))),
  );
  const signature = sign("sha256", toSign, parts.signer);
  const whole = sequence(toSign, ecdsaWithSha256, bitString(signature));
  // No line may be empty, however long the signature came out.
  const lines = whole
    .toString("base64")
    .match(/.{1,64}/g)
    ?.join("\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function extensionsOf({ names, isAuthority }: Parts): Buffer[] {
  const made = [
    sequence(oid("551d13"), der(1, Buffer.from([0xff])), octets(constraint(isAuthority))),
  ];
  if (names.length > 0) {
    made.push(sequence(oid("551d11"), octets(sequence(...names.map(alternative)))));
  }
  return made;
}

function constraint(isAuthority: boolean): Buffer {
  return isAuthority ? sequence(der(1, Buffer.from([0xff]))) : sequence();
}

function alternative(name: string): Buffer {
  if (/^[\d.]+$/.test(name)) return der(0x87, Buffer.from(name.split(".").map(Number)));
  return der(name.includes("@") ? 0x81 : 0x82, Buffer.from(name));
}

/** One part: the common name. */
function nameOf(common: string): Buffer {
  return sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(common)))));
}

function der(tag: number, body: Buffer): Buffer {
  const { length } = body;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const integer = (body: Buffer): Buffer => der(2, body);
const oid = (hex: string): Buffer => der(6, Buffer.from(hex, "hex"));
const octets = (body: Buffer): Buffer => der(4, body);
const bitString = (body: Buffer): Buffer => der(3, Buffer.concat([Buffer.from([0]), body]));
const time = (text: string): Buffer => der(0x17, Buffer.from(text));
const explicit = (tag: number, body: Buffer): Buffer => der(0xa0 | tag, body);
const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));
