/** As much of a browser's WebSocket as nats.js uses, for a Node that has none. */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

type Handler = ((event: { data?: ArrayBuffer; code?: number; reason?: string }) => void) | null;

export class PlainWebSocket {
  static readonly OPEN = 1;
  readonly OPEN = 1;
  readyState = 0;
  binaryType = "arraybuffer";
  bufferedAmount = 0;
  onopen: Handler = null;
  onmessage: Handler = null;
  onerror: Handler = null;
  onclose: Handler = null;
  readonly #socket: Socket;
  #held = Buffer.alloc(0);
  #upgraded = false;

  constructor(url: string) {
    const { hostname, port, pathname } = new URL(url);
    this.#socket = connect(Number(port), hostname, () => {
      const key = randomBytes(16).toString("base64");
      this.#socket.write(
        `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\n` +
          `Connection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      );
    });
    this.#socket.on("data", (chunk) => this.#read(chunk));
    this.#socket.on("error", () => this.onerror?.({}));
    this.#socket.on("close", () => {
      this.readyState = 3;
      this.onclose?.({ code: 1000, reason: "" });
    });
  }

  send(data: Uint8Array | ArrayBuffer): void {
    this.#write(2, data instanceof ArrayBuffer ? new Uint8Array(data) : data);
  }

  close(): void {
    this.#write(8, Buffer.from([0x03, 0xe8]));
    this.#socket.end();
  }

  #write(op: number, data: Uint8Array): void {
    const head = Buffer.alloc(14);
    head[0] = 0x80 | op;
    let at = 2;
    if (data.length < 126) head[1] = 0x80 | data.length;
    else if (data.length < 0x1_0000) {
      head[1] = 0x80 | 126;
      at = head.writeUInt16BE(data.length, 2);
    } else {
      head[1] = 0x80 | 127;
      at = head.writeBigUInt64BE(BigInt(data.length), 2);
    }
    // A key of zeros: masked as the protocol asks, and still readable in a dump.
    this.#socket.write(Buffer.concat([head.subarray(0, at + 4), data]));
  }

  #read(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    if (!this.#upgraded) {
      const end = this.#held.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.#held = this.#held.subarray(end + 4);
      this.#upgraded = true;
      this.readyState = 1;
      this.onopen?.({});
    }
    for (let used = this.#readFrame(); used > 0; used = this.#readFrame()) {
      this.#held = this.#held.subarray(used);
    }
  }

  /** How many bytes the first frame took; 0 while it is not complete. */
  #readFrame(): number {
    const bytes = this.#held;
    if (bytes.length < 2) return 0;
    let length = bytes[1] ?? 0;
    let at = 2;
    if (length === 126) at = 4;
    if (length === 127) at = 10;
    if (bytes.length < at) return 0;
    if (length === 126) length = bytes.readUInt16BE(2);
    if (length === 127) length = Number(bytes.readBigUInt64BE(2));
    if (bytes.length < at + length) return 0;
    const isData = ((bytes[0] ?? 0) & 0x0f) === 2;
    const payload = Uint8Array.from(bytes.subarray(at, at + length));
    if (isData) this.onmessage?.({ data: payload.buffer });
    return at + length;
  }
}
