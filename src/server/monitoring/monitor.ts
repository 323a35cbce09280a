/** The HTTP monitoring endpoints. */
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";

export interface MonitorResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What a GET of `path` answers. Source: nats-server `monitor.go`. */
export function monitor(
  _server: ServerState,
  _io: ServerIo,
  _path: string,
  _query: string,
): MonitorResponse {
  return { status: 404, contentType: "text/plain; charset=utf-8", body: "404 page not found\n" };
}
