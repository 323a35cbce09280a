/** Why a server does not start, in the words that nats-server ends with. */

/** Its text is the last line of the log, at the level of what is fatal. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** What Go's packages call the system's errors. */
const goNames: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EADDRINUSE: "address already in use",
  EADDRNOTAVAIL: "cannot assign requested address",
  ENOSPC: "no space left on device",
  EROFS: "read-only file system",
};

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** A failed listen, as Go's `net.Listen` tells it. */
export function listenFailure(error: unknown, { host, port }: Place): string {
  const place = `${host.includes(":") ? `[${host}]` : host}:${Math.max(port, 0)}`;
  return `listen tcp ${place}: bind: ${nameOf(error)}`;
}

/** A store directory that cannot be used. Source: nats-server `enableJetStream`. */
export function storeFailure(error: unknown): string {
  const code = codeOf(error);
  const why = ["ENOTDIR", "EEXIST"].includes(code)
    ? "storage directory is not a directory"
    : `could not create storage directory - mkdir ${pathOf(error)}: ${nameOf(error)}`;
  return `Can't start JetStream: ${why}`;
}

/** Whether it is the system that refused. */
export function isSystemError(error: unknown): boolean {
  return codeOf(error) !== "" && error instanceof Error && "syscall" in error;
}

function nameOf(error: unknown): string {
  return goNames[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function pathOf(error: unknown): string {
  return error instanceof Error && "path" in error ? String(error.path) : "";
}
