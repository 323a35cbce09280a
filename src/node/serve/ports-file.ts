/** The file by which others learn on which ports a server listens. */
import { rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";

/** Only listeners that are on; keys in nats-server's order. */
export interface Ports {
  readonly nats: readonly string[];
  readonly monitoring?: readonly string[];
  readonly websocket?: readonly string[];
}

/** Of a hosted world: the first server's, then those of each. */
export interface HostedPorts extends Ports {
  readonly hosts: Readonly<Record<string, Ports>>;
  readonly control?: readonly string[];
}

/** Clients look for the file under the real server's name. */
export const programName = "nats-server";

/** Writes `nats-server_<pid>.ports`; answers its path. */
export function writePortsFile(folder: string, ports: Ports): string {
  const path = join(folder, `${programName}_${process.pid}.ports`);
  writeFileSync(path, JSON.stringify(ports));
  return path;
}

export function removePortsFile(path: string): void {
  rmSync(path, { force: true });
}

/** URLs of a listener: one for each interface when it listens on all of them. */
export function listenerUrls(scheme: string, { address, port }: AddressInfo): string[] {
  const hosts = address === "::" || address === "0.0.0.0" ? interfaceAddresses() : [address];
  return hosts.map((host) => `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`);
}

function interfaceAddresses(): string[] {
  const found = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return found.map(({ address }) => address);
}
