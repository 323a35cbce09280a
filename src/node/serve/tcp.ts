/** The listener for plain NATS clients. */
import { createServer, type Server, type Socket } from "node:net";
import type { Link, Served } from "./served.ts";

/** `machine` is asked for when a client comes: ports are known before there is a server. */
export function createTcpListener(machine: () => Served): Server {
  return createServer({ noDelay: true }, (socket) => serveSocket(machine(), socket));
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

function serveSocket(machine: Served, socket: Socket): void {
  quietly(socket);
  const ip = plainIp(socket.remoteAddress ?? "");
  const link = socketLink(socket);
  const conn = machine.accept(link, { ip, port: socket.remotePort ?? 0, kind: "tcp" });
  socket.on("data", (chunk) => machine.receive(conn, chunk));
  socket.on("drain", () => machine.drained());
  socket.on("close", (hadError) => machine.closed(conn, hadError ? "Read Error" : "Client Closed"));
}

function socketLink(socket: Socket): Link {
  return {
    write: (bytes) => void socket.write(bytes),
    end: () => socket.destroySoon(),
    pending: () => socket.writableLength,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
  };
}
