/** Reading and writing where descriptors lead; pipes; what a child is told of them. */
import type { SpawnDescriptor } from "../../world/index.ts";
import { CommandError, type Fd, type Fds, type Shell } from "./shell.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Writes a builtin's output to where `number` leads. Throws CommandError when that is closed. */
export async function writeFd(shell: Shell, fds: Fds, number: number, text: string): Promise<void> {
  const fd = fds[number] ?? { kind: "closed" };
  if (fd.kind === "own" && fd.fd === 1) await shell.context.write(text);
  else if (fd.kind === "own" && fd.fd === 2) await shell.context.writeError(text);
  else if (fd.kind === "other" && fd.descriptor.kind === "file") {
    await shell.context.writeFile(fd.descriptor.path, encoder.encode(text), { append: true });
  } else if (fd.kind !== "other" || fd.descriptor.kind !== "null") {
    throw new CommandError(`${number}: Bad file descriptor`);
  }
}

/** Says `sh: message` on the standard error of the command at hand. */
export async function complain(shell: Shell, fds: Fds, message: string): Promise<void> {
  await writeFd(shell, fds, 2, `sh: ${message}\n`);
}

/** One line of input with its newline; null at the end. Takes no more than that line. */
export async function readLine(shell: Shell, fd: Fd | undefined): Promise<string | null> {
  if (fd?.kind === "memory") return takeLine(fd);
  const pipe = fd?.kind === "other" && fd.descriptor.kind === "pipe" ? fd.descriptor.pipe : null;
  if (fd === undefined || (pipe === null && !(fd.kind === "own" && fd.fd === 0))) return null;
  let line = "";
  for (;;) {
    const reply = shell.context.request({ what: "read", pipe, line: true });
    const bytes = await Promise.race([reply, shell.interrupt]);
    if (!(bytes instanceof Uint8Array)) return line === "" ? null : line;
    line += decoder.decode(bytes);
    if (line.endsWith("\n")) return line;
  }
}

function takeLine(fd: { text: string }): string | null {
  if (fd.text === "") return null;
  const newline = fd.text.indexOf("\n");
  const end = newline === -1 ? fd.text.length : newline + 1;
  const line = fd.text.slice(0, end);
  fd.text = fd.text.slice(end);
  return line;
}

/** Everything that comes out of a pipe, until its last writer is gone. */
export async function readPipe(shell: Shell, pipe: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const reply = shell.context.request({ what: "read", pipe, line: false });
    const bytes = await Promise.race([reply, shell.interrupt]);
    if (!(bytes instanceof Uint8Array)) return decodeChunks(chunks);
    chunks.push(bytes);
  }
}

function decodeChunks(chunks: readonly Uint8Array[]): string {
  const streaming = new TextDecoder();
  const texts = chunks.map((chunk) => streaming.decode(chunk, { stream: true }));
  return texts.join("") + streaming.decode();
}

/** What a child is told about its descriptor `number`. */
export function descriptorFor(fds: Fds, number: 0 | 1 | 2): SpawnDescriptor {
  const fd = fds[number] ?? { kind: "closed" };
  switch (fd.kind) {
    case "own":
      if (fd.fd === number) return "inherit";
      return fd.fd === 0 || number === 0 ? { kind: "null" } : { kind: "same", as: fd.fd };
    case "other":
      return fd.descriptor;
    case "memory":
      return { kind: "bytes", bytes: encoder.encode(fd.text) };
    default:
      return { kind: "null" };
  }
}

/** Opens a pipe. Its opener must close both ends, each when no longer needed. */
export async function openPipe(shell: Shell): Promise<number> {
  const descriptor = await shell.context.pipe();
  if (descriptor.kind !== "pipe") throw new CommandError("cannot open a pipe");
  return descriptor.pipe;
}

export async function closePipe(shell: Shell, pipe: number, end: "read" | "write"): Promise<void> {
  await shell.context.request({ what: "close-pipe", pipe, end });
}
