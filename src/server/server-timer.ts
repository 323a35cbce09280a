import type { DurationNanos } from "../kernel/index.ts";
import type { BackupTimer } from "./backups/backup-state.ts";
import type { ClusterTimer } from "./cluster/start-cluster.ts";
import type { RouteAddress } from "./config/server-config.ts";
import type { GroupTimer } from "./groups/group.ts";

/** What a server's timers carry when they fire: data, looked up in the table of `server.ts`. */
export type ServerTimer =
  | { readonly kind: "auth-timeout"; readonly conn: number }
  | { readonly kind: "ping"; readonly conn: number }
  /** A route is looked after: a ping, or its end as stale. */
  | { readonly kind: "route-ping"; readonly conn: number }
  /** A dial has had no answer for too long. */
  | { readonly kind: "route-timeout"; readonly conn: number }
  /** A configured route is dialled again. */
  | { readonly kind: "route-dial"; readonly address: RouteAddress }
  /** The server's statistics are told to whoever listens. */
  | { readonly kind: "statsz" }
  /** So is how many clients an account has. */
  | { readonly kind: "account-connections"; readonly account: string }
  /** A request to a service that is measured was not answered in time. */
  | { readonly kind: "service-latency"; readonly account: string; readonly subject: string }
  | {
      readonly kind: "lame-duck";
      readonly step: "leave" | "close-clients" | "next-client";
      /** Connections that are still to be closed, in this order, and how long each may take. */
      readonly conns?: readonly number[];
      readonly share?: DurationNanos;
    }
  | GroupTimer
  | ClusterTimer
  | BackupTimer
  | AssetTimer;

/** A timer of a stream, or of one of its consumers when `consumer` is given. */
export interface AssetTimer {
  readonly kind: "asset";
  readonly account: string;
  readonly stream: string;
  readonly consumer: string | null;
  readonly name: string;
}
