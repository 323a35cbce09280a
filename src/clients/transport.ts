/** nats.js's transport over the world: bytes out are effects, bytes in are inputs. */
import {
  type ConnectionOptions,
  checkOptions,
  DataBuffer,
  deferred,
  errors,
  extractProtocolMessage,
  INFO,
  type Server,
  setTransportFactory,
  type Transport,
} from "@nats-io/nats-core/internal";

/** What a transport needs of its process. */
export interface Dialler {
  /** Dials; what happens to the connection is told to `end`. */
  openConn(to: { host: string; port: number; transport: "tcp" | "ws" }, end: ConnEnd): number;
  sendConn(conn: number, bytes: Uint8Array): void;
  closeConn(conn: number): void;
}

/** The process's end of a connection. */
export interface ConnEnd {
  onConnected(): void;
  onRefused(reason: string): void;
  onBytes(bytes: Uint8Array): void;
  onClosed(reason: string): void;
}

/** The version that nats.js puts into CONNECT, as its own transports do. */
const version = "3.4.0";
const resetText = "connection reset by peer";

/** Every connection that nats.js makes in this realm is made over this transport. */
export function installTransport(currentDialler: () => Dialler): void {
  setTransportFactory({ factory: () => new WorldTransport(currentDialler()) });
}

/** Source of the expected behaviour: nats.js `NodeTransport`. */
class WorldTransport implements Transport, ConnEnd {
  readonly lang = "nats.js";
  readonly version = version;
  closeError?: Error;
  readonly #dialler: Dialler;
  #conn: number | null = null;
  #chunks: Uint8Array[] = [];
  #wake = deferred<void>();
  #connected = false;
  #done = false;
  readonly #dialled = deferred<void>();
  readonly #info = deferred<void>();
  readonly #closed = deferred<undefined | Error>();

  constructor(dialler: Dialler) {
    this.#dialler = dialler;
    // Either may be given up before anybody waits for it.
    this.#dialled.catch(() => {});
    this.#info.catch(() => {});
  }

  get isClosed(): boolean {
    return this.#done;
  }

  /** Resolves when INFO is there and its options were checked, as in the Node transport. */
  async connect(server: Server, options: ConnectionOptions): Promise<void> {
    const { hostname: host, port } = server;
    const transport = /^wss?:/.test(server.src) ? "ws" : "tcp";
    this.#conn = this.#dialler.openConn({ host, port, transport }, this);
    await this.#dialled;
    await this.#info;
    checkOptions(this.#readInfo(), options);
    this.#connected = true;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return this.#iterate();
  }

  isEncrypted(): boolean {
    return false;
  }

  send(frame: Uint8Array): void {
    if (this.#done || this.#conn === null) return;
    this.#dialler.sendConn(this.#conn, frame);
  }

  close(error?: Error): Promise<void> {
    if (this.#connected) this.#finish(error);
    else this.discard();
    return Promise.resolve();
  }

  disconnect(): void {
    if (this.#connected) this.#finish(undefined);
  }

  closed(): Promise<undefined | Error> {
    return this.#closed;
  }

  discard(): void {
    this.#done = true;
    this.#hangUp();
    this.#wake.resolve();
  }

  onConnected(): void {
    this.#dialled.resolve();
  }

  onRefused(reason: string): void {
    this.#conn = null;
    const cause = new Error(reason);
    const isRefusal = reason.includes("ECONNREFUSED");
    this.#dialled.reject(
      isRefusal ? new errors.ConnectionError("connection refused", { cause }) : cause,
    );
  }

  onBytes(bytes: Uint8Array): void {
    if (this.#done) return;
    this.#chunks.push(bytes);
    this.#wake.resolve();
    if (!this.#connected && bytes.includes(10)) this.#info.resolve();
  }

  onClosed(reason: string): void {
    this.#conn = null;
    const error = reason === resetText ? new Error("read ECONNRESET") : undefined;
    if (this.#connected) this.#finish(error);
    else this.#info.reject(error ?? new errors.ConnectionError("connection closed"));
  }

  #readInfo(): never {
    const line = extractProtocolMessage(DataBuffer.concat(...this.#chunks));
    const [, json] = INFO.exec(line) ?? [];
    if (json === undefined) throw new Error("unexpected response from server");
    return JSON.parse(json) as never;
  }

  #finish(error: Error | undefined): void {
    if (this.#done) return;
    if (error !== undefined) this.closeError = error;
    this.#done = true;
    this.#hangUp();
    this.#wake.resolve();
    this.#closed.resolve(error);
  }

  #hangUp(): void {
    if (this.#conn === null) return;
    this.#dialler.closeConn(this.#conn);
    this.#conn = null;
  }

  async *#iterate(): AsyncIterableIterator<Uint8Array> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) yield chunk;
      else if (this.#done) return;
      else {
        this.#wake = deferred<void>();
        await this.#wake;
      }
    }
  }
}
