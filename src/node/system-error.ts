/** What the operating system refuses, in the words of Go's packages. */

const goNames: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EADDRINUSE: "address already in use",
  EADDRNOTAVAIL: "cannot assign requested address",
  EDQUOT: "disk quota exceeded",
  EFBIG: "file too large",
  EIO: "input/output error",
  EMFILE: "too many open files",
  ENOSPC: "no space left on device",
  EROFS: "read-only file system",
};

/** Whether it is the system that refused. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return codeOf(error) !== "" && error instanceof Error && "syscall" in error;
}

/** The reason alone. */
export function reasonOf(error: unknown): string {
  return goNames[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

/** "" for what is no error of the system. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** As Go's `os.PathError`: what was done, to which file, and why not. */
export function pathFailure(error: NodeJS.ErrnoException, path: string): string {
  return `${error.syscall} ${path}: ${reasonOf(error)}`;
}
