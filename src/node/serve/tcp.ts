/** The listener for plain NATS clients, with TLS where it is configured. */
import { createServer, type Server, type Socket } from "node:net";
import type { PeerTls } from "../../server/index.ts";
import { createReadBuffer, noteRead, type ReadBuffer } from "./read-buffer.ts";
import { type Security, securedBy } from "./security.ts";
import type { Link, Served } from "./served.ts";

/** The first byte of a TLS record with a handshake in it. */
const handshakeByte = 0x16;

export interface TcpOptions {
  /** As it is when a client comes; not given: no TLS. */
  readonly security?: () => Security | null;
  readonly onFailure?: (text: string) => void;
}

/** `machine` is asked for when a client comes: ports are known before there is a server. */
export function createTcpListener(machine: () => Served, options: TcpOptions = {}): Server {
  return createServer({ noDelay: true }, (socket) => {
    quietly(socket);
    const security = options.security?.() ?? null;
    if (security === null) serveSocket(machine(), socket);
    else {
      const onFailure = options.onFailure ?? (() => {});
      void serveSecurely(machine(), socket, { security, onFailure });
    }
  });
}

/** Lets a broken connection be noticed by its close alone. */
export function quietly(socket: Socket): void {
  socket.on("error", () => {
    // The close that follows tells the rest.
  });
}

/** IPv4 addresses without the prefix that a dual-stack socket gives them. */
export function plainIp(address: string): string {
  return address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
}

/** A link whose socket may be replaced by the one that encrypts it. */
interface SocketLink extends Link {
  socket: Socket;
  /** What waits for the end of a handshake. */
  held: Uint8Array[] | null;
  readonly reads: ReadBuffer;
  /** Bytes that came and that nats-server would not have read yet. */
  unread: number;
  /** Closed by us. */
  ended: boolean;
}

function serveSocket(machine: Served, socket: Socket): void {
  const link = createSocketLink(socket);
  attend(machine, link, acceptFrom(machine, link));
}

/** Source: nats-server `createClientEx`: who speaks first, and in which tongue. */
async function serveSecurely(
  machine: Served,
  socket: Socket,
  { security, onFailure }: Required<{ security: Security; onFailure: (text: string) => void }>,
): Promise<void> {
  const { config, told, toldLater, handshakes } = security;
  const peer = `${plainIp(socket.remoteAddress ?? "")}:${socket.remotePort ?? 0}`;
  const fail = (why: string): void => onFailure(`${peer} - TLS handshake error: ${why}`);
  const waitMs = config.fallbackDelay / 1e6;
  const link = createSocketLink(socket);
  if (config.handshakeFirst && (waitMs === 0 || (await firstByte(socket, waitMs)) !== null)) {
    const secure = await handshakes.begin(socket, fail);
    if (secure === null) return;
    link.socket = secure;
    quietly(secure);
    const conn = acceptFrom(machine, link, toldLater);
    machine.secured?.(conn, securedBy(secure, true));
    attend(machine, link, conn);
    return;
  }
  const conn = acceptFrom(machine, link, told);
  const isPlain =
    !told.required && (await firstByte(socket, config.timeout / 1e6)) !== handshakeByte;
  if (!isPlain) {
    link.held = [];
    const secure = socket.destroyed ? null : await handshakes.begin(socket, fail);
    if (secure === null) {
      machine.closed(conn, "TLS Handshake Failure");
      return;
    }
    quietly(secure);
    link.socket = secure;
    machine.secured?.(conn, securedBy(secure, false));
    for (const bytes of link.held ?? []) secure.write(bytes);
    link.held = null;
  }
  // Who looked at the first byte left it paused.
  if (isPlain) socket.resume();
  attend(machine, link, conn);
}

/** The first byte that comes within a time, left where it is; null when none does. */
function firstByte(socket: Socket, ms: number): Promise<number | null> {
  return new Promise((resolve) => {
    const settle = (byte: number | null): void => {
      clearTimeout(timer);
      socket.off("data", look).off("close", gone).pause();
      resolve(byte);
    };
    const look = (chunk: Buffer): void => {
      settle(chunk[0] ?? null);
      socket.unshift(chunk);
    };
    const gone = (): void => settle(null);
    const timer = setTimeout(gone, ms);
    socket.on("data", look).once("close", gone);
  });
}

function acceptFrom(machine: Served, link: SocketLink, tls?: PeerTls): number {
  const { remoteAddress = "", remotePort = 0 } = link.socket;
  const peer = { ip: plainIp(remoteAddress), port: remotePort, kind: "tcp" } as const;
  return machine.accept(link, tls === undefined ? peer : { ...peer, tls });
}

function attend(machine: Served, link: SocketLink, conn: number): void {
  const { socket } = link;
  receiveEach(socket, (chunk) => receiveByReads(machine, link, conn, chunk));
  socket.on("drain", () => machine.drained());
  const closed = (hadError: boolean): void => {
    machine.closed(conn, hadError ? "Read Error" : "Client Closed");
  };
  if (socket.destroyed) closed(false);
  else socket.on("close", closed);
}

/**
 * What comes in goes straight to its reader, past the queue that Node keeps for readers who are
 * late, and its bookkeeping, which a small request would feel. While the socket is paused, or
 * something is in the queue still, all is as ever.
 */
function receiveEach(socket: Socket, take: (chunk: Buffer) => void): void {
  const queue = socket.push.bind(socket);
  socket.on("data", take);
  socket.push = (chunk: Buffer | null) => {
    const isAwaited = socket.readableFlowing === true && socket.readableLength === 0;
    if (chunk === null || !isAwaited) return queue(chunk);
    take(chunk);
    return true;
  };
}

function isEncrypted(socket: Socket): boolean {
  return "encrypted" in socket;
}

/**
 * Records of TLS that came together are received one by one: what they are answered leaves together
 * too, as nats-server's does. A client that ends with the first answer must not get a second one
 * after its goodbye, which libraries of TLS take for an attack.
 */
function gather(socket: Socket): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}

/** In the pieces that nats-server would read: answers leave after each, and it may be the last. */
function receiveByReads(machine: Served, link: SocketLink, conn: number, chunk: Uint8Array): void {
  const { reads } = link;
  for (let at = 0; at < chunk.length && !link.ended; ) {
    const bytes = Math.min(reads.size, chunk.length - at);
    link.unread = chunk.length - at - bytes;
    machine.receive(conn, bytes === chunk.length ? chunk : chunk.subarray(at, at + bytes));
    noteRead(reads, bytes);
    at += bytes;
  }
  link.unread = 0;
}

/** What a kernel makes of a socket that is closed with bytes unread: a reset after the rest. */
function resetSoon(socket: Socket): void {
  socket.write("", () => socket.resetAndDestroy());
}

function createSocketLink(socket: Socket): SocketLink {
  return {
    socket,
    held: null,
    reads: createReadBuffer(),
    unread: 0,
    ended: false,
    write(bytes) {
      if (this.held !== null) {
        this.held.push(bytes);
        return;
      }
      if (isEncrypted(this.socket)) gather(this.socket);
      this.socket.write(bytes);
    },
    end(reason) {
      const leaves = this.held === null && !reason.startsWith("Slow Consumer");
      this.ended = true;
      if (leaves && this.unread > 0 && !isEncrypted(this.socket)) resetSoon(this.socket);
      else if (leaves) this.socket.destroySoon();
      else this.socket.destroy();
    },
    pending() {
      return this.socket.writableLength;
    },
    sent() {
      return this.socket.bytesWritten;
    },
    pause() {
      this.socket.pause();
    },
    resume() {
      this.socket.resume();
    },
  };
}
