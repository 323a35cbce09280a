/** Users, permissions, accounts and mappings as a server is told of them. */
import type { DurationNanos } from "../../kernel/index.ts";
import type { AccountJetStreamConfig } from "./jetstream-config.ts";

export interface AuthorizationConfig {
  readonly username: string;
  readonly password: string;
  readonly token: string;
  readonly users: readonly UserConfig[];
  readonly timeout: DurationNanos;
  readonly defaultPermissions: PermissionsConfig | null;
}

export interface UserConfig {
  readonly username: string;
  readonly password: string;
  readonly permissions: PermissionsConfig | null;
}

export interface PermissionsConfig {
  readonly publish: SubjectPermission | null;
  readonly subscribe: SubjectPermission | null;
  readonly responses: ResponsePermission | null;
}

/** `allow` null allows everything that `deny` does not forbid. */
export interface SubjectPermission {
  readonly allow: readonly string[] | null;
  readonly deny: readonly string[];
}

export interface ResponsePermission {
  readonly max: number;
  readonly expires: DurationNanos;
}

export interface AccountConfig {
  readonly name: string;
  readonly users: readonly UserConfig[];
  readonly defaultPermissions: PermissionsConfig | null;
  readonly jetstream: AccountJetStreamConfig | null;
  readonly mappings: readonly MappingConfig[];
  readonly maxConnections: number;
  readonly maxSubscriptions: number;
  readonly maxPayload: number;
}

export interface MappingConfig {
  readonly source: string;
  readonly destinations: readonly MappingDestination[];
}

export interface MappingDestination {
  readonly destination: string;
  /** Percent. */
  readonly weight: number;
  /** Only for publishers of this cluster; "" for all. */
  readonly cluster: string;
}
