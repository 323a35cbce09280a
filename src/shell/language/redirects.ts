/** Opens what `< > >> 2>&1 <<` name, before a command runs, and closes it afterwards. */
import { resolvePath } from "../files/paths.ts";
import { closePipe, openPipe } from "./descriptors.ts";
import { expandText } from "./expand.ts";
import { CommandError, type Fd, type Fds, nullFd, type Shell } from "./shell.ts";
import type { Redirect } from "./syntax.ts";

/**
 * Who will read the input: a program (it is given the file), a builtin (it is given the text), or
 * several commands in turn (they share a pipe, so that each takes up where the last one stopped).
 */
export type Reader = "program" | "builtin" | "several";

export interface Opened {
  readonly fds: Fds;
  close(): Promise<void>;
}

/** Opens redirects from left to right. Throws CommandError, `name: reason`. */
export async function openRedirects(
  shell: Shell,
  redirects: readonly Redirect[],
  fds: Fds,
  reader: Reader,
): Promise<Opened> {
  const table: Fd[] = [...fds];
  const pipes: number[] = [];
  for (const redirect of redirects) {
    const target = await expandText(shell, redirect.target);
    const input = redirect.op === "here" || redirect.op === "read";
    if (input) {
      const source = await openInput(shell, redirect.op, target, reader);
      table[redirect.fd] = source.fd;
      if (source.pipe !== null) pipes.push(source.pipe);
    } else await openOutput(shell, table, redirect, target);
  }
  const close = async (): Promise<void> => {
    for (const pipe of pipes) await closePipe(shell, pipe, "read");
  };
  return { fds: Array.from(table, (fd) => fd ?? { kind: "closed" }), close };
}

async function openInput(
  shell: Shell,
  op: Redirect["op"],
  target: string,
  reader: Reader,
): Promise<{ fd: Fd; pipe: number | null }> {
  const encoder = new TextEncoder();
  const path = op === "read" ? resolvePath(shell.state.cwd, target) : null;
  if (path === "/dev/null") return { fd: nullFd, pipe: null };
  if (path !== null) await checkReadable(shell, path, target);
  if (reader === "builtin") {
    const text =
      path === null ? target : new TextDecoder().decode(await shell.context.readFile(path));
    return { fd: { kind: "memory", text }, pipe: null };
  }
  const descriptor =
    path === null
      ? ({ kind: "bytes", bytes: encoder.encode(target) } as const)
      : ({ kind: "file", path, append: false } as const);
  if (reader === "program") return { fd: { kind: "other", descriptor }, pipe: null };
  const pipe = await openPipe(shell);
  await shell.context.spawn({
    program: "cat",
    argv: ["cat"],
    stdin: descriptor,
    stdout: { kind: "pipe", pipe },
    stderr: { kind: "null" },
  });
  await closePipe(shell, pipe, "write");
  return { fd: { kind: "other", descriptor: { kind: "pipe", pipe } }, pipe };
}

async function checkReadable(shell: Shell, path: string, spelled: string): Promise<void> {
  const entry = await shell.context.stat(path);
  if (entry === null) throw new CommandError(`${spelled}: No such file or directory`);
  if (entry.folder) throw new CommandError(`${spelled}: Is a directory`);
}

async function openOutput(
  shell: Shell,
  table: Fd[],
  redirect: Redirect,
  target: string,
): Promise<void> {
  if (redirect.op === "dup") {
    table[redirect.fd] = duplicate(table, target);
    return;
  }
  const append = redirect.op === "append" || redirect.op === "both-append";
  const fd = await openFile(shell, table, target, append);
  table[redirect.fd] = fd;
  if (redirect.op === "both" || redirect.op === "both-append") table[2] = fd;
}

function duplicate(table: readonly Fd[], target: string): Fd {
  if (target === "-") return { kind: "closed" };
  const fd = /^\d+$/.test(target) ? table[Number(target)] : undefined;
  if (fd === undefined || fd.kind === "closed") {
    throw new CommandError(`${target}: Bad file descriptor`);
  }
  return fd;
}

async function openFile(
  shell: Shell,
  table: readonly Fd[],
  target: string,
  append: boolean,
): Promise<Fd> {
  const path = resolvePath(shell.state.cwd, target);
  if (path === "/dev/null") return nullFd;
  if (path === "/dev/stdout") return duplicate(table, "1");
  if (path === "/dev/stderr") return duplicate(table, "2");
  if (target === "") throw new CommandError(": No such file or directory");
  const entry = await shell.context.stat(path);
  if (entry?.folder) throw new CommandError(`${target}: Is a directory`);
  try {
    if (entry === null || !append) await shell.context.writeFile(path, new Uint8Array(0));
  } catch {
    throw new CommandError(`${target}: No such file or directory`);
  }
  return { kind: "other", descriptor: { kind: "file", path, append: true } };
}
