/** The HTTP port for /varz and the others. */
import { createServer, type Server } from "node:http";
import type { Machine } from "./machine.ts";

export function createMonitoringListener(machine: () => Machine): Server {
  return createServer((request, response) => {
    const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
    const answer = machine().monitor(path, query);
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
