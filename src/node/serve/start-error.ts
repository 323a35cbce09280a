/** Why a server does not start, in the words that nats-server ends with. */

import { codeOf, reasonOf } from "../system-error.ts";

/** Its text is the last line of the log, at the level of what is fatal. */
export class StartError extends Error {
  override readonly name = "StartError";
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** A failed listen, as Go's `net.Listen` tells it. */
export function listenFailure(error: unknown, { host, port }: Place): string {
  const place = `${host.includes(":") ? `[${host}]` : host}:${Math.max(port, 0)}`;
  return `listen tcp ${place}: bind: ${reasonOf(error)}`;
}

/** A store directory that cannot be used. Source: nats-server `enableJetStream`. */
export function storeFailure(error: unknown): string {
  const code = codeOf(error);
  const why = ["ENOTDIR", "EEXIST"].includes(code)
    ? "storage directory is not a directory"
    : `could not create storage directory - mkdir ${pathOf(error)}: ${reasonOf(error)}`;
  return `Can't start JetStream: ${why}`;
}

function pathOf(error: unknown): string {
  return error instanceof Error && "path" in error ? String(error.path) : "";
}
