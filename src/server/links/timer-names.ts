/** Names of the timers of routes: setting one again replaces it. */
import type { RouteAddress } from "../config/server-config.ts";

export function routePingTimer(conn: number): string {
  return `route-ping:${conn}`;
}

export function dialTimer(conn: number): string {
  return `route-timeout:${conn}`;
}

export function redialTimer({ host, port }: RouteAddress): string {
  return `route-dial:${host}:${port}`;
}
