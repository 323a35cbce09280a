/** Splits what a server sends into its operations; both sides of a comparison are read with it. */

export interface Received {
  readonly subject: string;
  readonly sid: string;
  readonly reply: string;
  /** The header block as text, empty when there is none. */
  readonly headers: string;
  readonly payload: string;
  /** The same as it came. */
  readonly bytes: Uint8Array;
}

/** Feeds bytes in any split; calls `onMessage` for each message and `onLine` for other lines. */
export class WireReader {
  #rest = Buffer.alloc(0);
  readonly #onMessage: (message: Received) => void;
  readonly #onLine: (line: string) => void;

  constructor(onMessage: (message: Received) => void, onLine: (line: string) => void) {
    this.#onMessage = onMessage;
    this.#onLine = onLine;
  }

  feed(bytes: Uint8Array): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#next());
  }

  #next(): boolean {
    const end = this.#rest.indexOf("\r\n");
    if (end < 0) return false;
    const line = this.#rest.subarray(0, end).toString();
    const parts = line.split(" ");
    const verb = parts[0];
    if (verb !== "MSG" && verb !== "HMSG") {
      this.#rest = this.#rest.subarray(end + 2);
      this.#onLine(line);
      return true;
    }
    const total = Number(parts.at(-1));
    const start = end + 2;
    if (this.#rest.length < start + total + 2) return false;
    const headers = verb === "HMSG" ? Number(parts.at(-2)) : 0;
    const body = this.#rest.subarray(start, start + total);
    this.#rest = this.#rest.subarray(start + total + 2);
    const args = verb === "HMSG" ? parts.slice(1, -2) : parts.slice(1, -1);
    this.#onMessage({
      subject: args[0] ?? "",
      sid: args[1] ?? "",
      reply: args[2] ?? "",
      headers: body.subarray(0, headers).toString(),
      payload: body.subarray(headers).toString(),
      bytes: body.subarray(headers),
    });
    return true;
  }
}
