/** Bytes from a child to its parent, in the order in which they were written. */
export interface BytePipe {
  readonly chunks: Uint8Array[];
  ended: boolean;
  wake: (() => void) | null;
}

export function createBytePipe(): BytePipe {
  return { chunks: [], ended: false, wake: null };
}

/** Null ends the pipe. */
export function writePipe(pipe: BytePipe, bytes: Uint8Array | null): void {
  if (bytes === null) pipe.ended = true;
  else pipe.chunks.push(bytes);
  pipe.wake?.();
}

/** The next bytes, or null at the end. */
export async function readPipe(pipe: BytePipe): Promise<Uint8Array | null> {
  while (pipe.chunks.length === 0 && !pipe.ended) {
    await new Promise<void>((resolve) => {
      pipe.wake = resolve;
    });
  }
  return pipe.chunks.shift() ?? null;
}
