/** Opening and closing real listeners. */
import type { AddressInfo, Server, Socket } from "node:net";

/**
 * Port -1 is any that is free. Rejects with the system's error when one is taken.
 * All interfaces are those of IPv6 too, as Go's `net.Listen` has it: "localhost" may be either.
 */
export async function listen(server: Server, host: string, port: number): Promise<void> {
  trackSockets(server);
  if (host !== "" && host !== "0.0.0.0") return await listenOn(server, host, port);
  try {
    await listenOn(server, "::", port);
  } catch (error) {
    if (!hasNoIpv6(error)) throw error;
    await listenOn(server, "0.0.0.0", port);
  }
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(Math.max(port, 0), host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function hasNoIpv6(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return code === "EAFNOSUPPORT" || code === "EADDRNOTAVAIL";
}

/** How long goodbyes may take before the connections are cut. */
const goodbyeMs = 200;

/** Stops listening, and cuts what is still connected after a while. */
export function closeListener(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      for (const socket of socketsOf.get(server) ?? []) socket.destroy();
    }, goodbyeMs);
    const done = (): void => {
      clearTimeout(cut);
      resolve();
    };
    // A listener that lame duck mode closed before may still have connections.
    server.close(() => done());
  });
}

/** Open connections of each listener: upgraded ones are Node's business no more. */
const socketsOf = new WeakMap<Server, Set<Socket>>();

function trackSockets(server: Server): void {
  const sockets = new Set<Socket>();
  socketsOf.set(server, sockets);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
}

export function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a network listener");
  return address;
}

export function portOf(server: Server): number {
  return addressOf(server).port;
}
