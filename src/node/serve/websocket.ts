/** The listener for NATS over WebSocket. Source: nats-server `websocket.go`. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { PeerTls, WebsocketConfig } from "../../server/index.ts";
import { securedBy, tlsOptions } from "./security.ts";
import type { Link, Served } from "./served.ts";
import { plainIp, quietly } from "./tcp.ts";
import {
  closeBody,
  closeFrame,
  createFrameReader,
  dataFrame,
  pongFrame,
  readFrames,
} from "./websocket-frames.ts";

/** RFC 6455 section 1.3. */
const acceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export interface WebsocketOptions extends WebsocketConfig {
  /** What INFO says of TLS; not given: nothing. */
  readonly told?: PeerTls;
}

/** Throws with nats-server's words for certificates that cannot be used. */
export function createWebsocketListener(machine: () => Served, config: WebsocketOptions): Server {
  const answer = (request: IncomingMessage): void => {
    // Node hands over here whatever does not ask for an upgrade.
    writeRefusal(request.socket, refusalOf(request, config) ?? badRequest);
  };
  const { tls } = config;
  const server =
    tls === undefined ? createServer(answer) : createTlsServer(tlsOptions(tls), answer);
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    quietly(socket);
    const refusal = refusalOf(request, config);
    if (refusal !== null) {
      writeRefusal(socket, refusal);
      return;
    }
    const compress = config.compression && offersCompression(request);
    socket.write(switchingProtocols(request, config, compress));
    // nats-server greets a leaf node before it finds that it takes none.
    if (request.url === "/leafnode") socket.destroySoon();
    else serveWebsocket(machine(), socket, { head, compress, told: config.told });
  });
  return server;
}

interface Refusal {
  readonly status: number;
  readonly text: string;
}

const badRequest: Refusal = { status: 400, text: "Bad Request\n" };
const forbidden: Refusal = { status: 403, text: "Forbidden\n" };
const notFound: Refusal = { status: 404, text: "Not Found\n" };
const wrongMethod: Refusal = { status: 405, text: "Method Not Allowed\n" };

function refusalOf(request: IncomingMessage, config: WebsocketConfig): Refusal | null {
  const { headers, url } = request;
  if (url === "/mqtt") return notFound;
  if (request.method !== "GET") return wrongMethod;
  const key = headers["sec-websocket-key"] ?? "";
  const isUpgrade =
    hasToken(headers.upgrade, "websocket") && hasToken(headers.connection, "upgrade");
  if (!isUpgrade || key === "" || headers["sec-websocket-version"] !== "13") return badRequest;
  return isOriginAllowed(request, config) ? null : forbidden;
}

/** Both checks apply when both are set; a request without an origin is not from a browser. */
function isOriginAllowed({ headers }: IncomingMessage, config: WebsocketConfig): boolean {
  const { origin } = headers;
  if (origin === undefined || (!config.sameOrigin && config.allowedOrigins.length === 0)) {
    return true;
  }
  if (!URL.canParse(origin)) return false;
  const asked = new URL(origin);
  if (config.sameOrigin && hostAndPort(asked) !== withPort(headers.host ?? "")) return false;
  const { allowedOrigins } = config;
  return (
    allowedOrigins.length === 0 ||
    allowedOrigins.some((one) => URL.canParse(one) && sameOrigin(new URL(one), asked))
  );
}

function sameOrigin(a: URL, b: URL): boolean {
  return a.protocol === b.protocol && hostAndPort(a) === hostAndPort(b);
}

function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === "" ? (protocol === "https:" ? 443 : 80) : port}`;
}

function withPort(host: string): string {
  return /:\d+$/.test(host) ? host : `${host}:80`;
}

function hasToken(value: string | undefined, token: string): boolean {
  return (value ?? "").split(",").some((one) => one.trim().toLowerCase() === token);
}

function offersCompression({ headers }: IncomingMessage): boolean {
  const extensions = headers["sec-websocket-extensions"] ?? "";
  return extensions.split(",").some((one) => one.trim().startsWith("permessage-deflate"));
}

function switchingProtocols(
  request: IncomingMessage,
  config: WebsocketConfig,
  compress: boolean,
): string {
  const { headers } = request;
  const digest = createHash("sha1").update(`${headers["sec-websocket-key"]}${acceptSuffix}`);
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${digest.digest("base64")}`,
  ];
  if (compress) {
    lines.push(
      "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover",
    );
  }
  if (headers["nats-no-masking"] === "true") lines.push("Nats-No-Masking: true");
  for (const [name, value] of config.headers) lines.push(`${name}: ${value}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function refusalHeaders(text: string): Record<string, string | number> {
  return {
    "Content-Type": "text/plain; charset=utf-8",
    "Sec-Websocket-Version": "13",
    "X-Content-Type-Options": "nosniff",
    "Content-Length": Buffer.byteLength(text),
  };
}

/** nats-server leaves the connection open after it. */
function writeRefusal(socket: Socket, { status, text }: Refusal): void {
  const lines = Object.entries(refusalHeaders(text)).map(([name, value]) => `${name}: ${value}`);
  socket.write(`HTTP/1.1 ${status} ${text.trim()}\r\n${lines.join("\r\n")}\r\n\r\n${text}`);
}

interface Upgraded {
  /** Bytes that came right behind the request. */
  readonly head: Buffer;
  readonly compress: boolean;
  readonly told: PeerTls | undefined;
}

function serveWebsocket(machine: Served, socket: Socket, { head, compress, told }: Upgraded): void {
  const reader = createFrameReader();
  socket.setNoDelay(true);
  const link: Link = {
    write: (bytes) => void socket.write(dataFrame(bytes, compress)),
    end: (reason) => {
      if (reason.startsWith("Slow Consumer")) {
        socket.destroy();
        return;
      }
      // After a wrong operation nats-server cuts the connection without a close frame.
      const says = !reader.ended && reason !== "Protocol Violation";
      if (says) socket.write(closeFrame(closeBody(closeStatus(reason), reason)));
      socket.destroySoon();
    },
    pending: () => socket.writableLength,
    sent: () => socket.bytesWritten,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
  };
  const ip = plainIp(socket.remoteAddress ?? "");
  const peer = { ip, port: socket.remotePort ?? 0, kind: "ws" } as const;
  const conn = machine.accept(link, told === undefined ? peer : { ...peer, tls: told });
  if (socket instanceof TLSSocket) machine.secured?.(conn, securedBy(socket, false));
  const sink = {
    onData: (bytes: Uint8Array) => machine.receive(conn, bytes),
    onPing: (payload: Uint8Array) => void socket.write(pongFrame(payload)),
    onClose: (payload: Uint8Array) => {
      socket.write(closeFrame(payload));
      machine.closed(conn, "Client Closed");
      socket.destroySoon();
    },
    onViolation: () => {
      machine.closed(conn, "Protocol Violation");
      socket.destroySoon();
    },
  };
  socket.on("data", (chunk: Buffer) => readFrames(reader, chunk, sink));
  socket.on("drain", () => machine.drained());
  socket.on("close", (hadError) => machine.closed(conn, hadError ? "Read Error" : "Client Closed"));
  if (head.length > 0) readFrames(reader, head, sink);
}

const closeStatuses: Readonly<Record<string, number>> = {
  "Client Closed": 1000,
  "Server Shutdown": 1001,
  "Stale Connection": 1001,
  "Read Error": 1001,
  "Write Error": 1001,
  "Bad Client Protocol Version": 1002,
  "Parse Error": 1002,
  "Protocol Violation": 1002,
  "Authentication Failure": 1008,
  "Authentication Timeout": 1008,
  "Maximum Account Connections Exceeded": 1008,
  "Maximum Connections Exceeded": 1008,
  "Maximum Control Line Exceeded": 1008,
  "Slow Consumer (Pending Bytes)": 1008,
  "Slow Consumer (Write Deadline)": 1008,
  "Maximum Message Payload Exceeded": 1009,
};

/** Source: nats-server `wsEnqueueCloseMessage`. */
function closeStatus(reason: string): number {
  return closeStatuses[reason] ?? 1011;
}
