/** The timers of routes. */
import { unreachable } from "../../kernel/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerTimer } from "../server-timer.ts";
import type { ServerState } from "../state.ts";
import { onDialTimeout, onRedial } from "./dial.ts";
import { onRoutePingTimer } from "./keep-alive.ts";

type RouteTimer = Extract<ServerTimer, { kind: "route-ping" | "route-timeout" | "route-dial" }>;

export function onRouteTimer(server: ServerState, io: ServerIo, timer: RouteTimer): void {
  switch (timer.kind) {
    case "route-ping": {
      const route = server.routes?.conns.get(timer.conn);
      if (route !== undefined) onRoutePingTimer(server, io, route);
      return;
    }
    case "route-timeout":
      onDialTimeout(server, io, timer.conn);
      return;
    case "route-dial":
      onRedial(server, io, timer.address);
      return;
    default:
      unreachable(timer);
  }
}
