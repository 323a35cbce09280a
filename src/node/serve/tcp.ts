/** The listener for plain NATS clients. */
import { createServer, type Server, type Socket } from "node:net";
import type { Link, Machine } from "./machine.ts";

export function createTcpListener(machine: Machine): Server {
  return createServer({ noDelay: true }, (socket) => serveSocket(machine, socket));
}

function serveSocket(machine: Machine, socket: Socket): void {
  const link = socketLink(socket, (bytes) => bytes);
  const ip = plainIp(socket.remoteAddress ?? "");
  const conn = machine.accept(link, { ip, port: socket.remotePort ?? 0, kind: "tcp" });
  socket.on("data", (chunk) => machine.receive(conn, chunk));
  socket.on("drain", () => machine.drained());
  socket.on("error", () => {
    // The close that follows tells the rest.
  });
  socket.on("close", (hadError) => machine.closed(conn, hadError ? "Read Error" : "Client Closed"));
}

/** A link over a socket; `frame` wraps what is written. */
export function socketLink(socket: Socket, frame: (bytes: Uint8Array) => Uint8Array): Link {
  return {
    write: (bytes) => void socket.write(frame(bytes)),
    end: () => socket.destroySoon(),
    pending: () => socket.writableLength,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
  };
}

/** IPv4 addresses without the prefix that a dual-stack socket gives them. */
export function plainIp(address: string): string {
  return address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
}
