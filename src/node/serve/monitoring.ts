/** The HTTP port for /varz and the others. */
import { createServer, type Server } from "node:http";
import type { Served } from "./served.ts";

export function createMonitoringListener(machine: () => Served): Server {
  return createServer(async (request, response) => {
    const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
    const answer = await machine().monitor(path, query);
    if (answer === null) {
      request.socket.destroy();
      return;
    }
    const isPage = answer.contentType.startsWith("application/");
    response.writeHead(answer.status, {
      ...(isPage ? { "Access-Control-Allow-Origin": "*" } : {}),
      ...(answer.status === 404 ? { "X-Content-Type-Options": "nosniff" } : {}),
      "Content-Type": answer.contentType,
      "Content-Length": Buffer.byteLength(answer.body),
    });
    response.end(request.method === "HEAD" ? "" : answer.body);
  });
}
