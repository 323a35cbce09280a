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
  /** "" for a user that is known by a key. */
  readonly username: string;
  readonly password: string;
  /** The public key that a signature has to fit; "" for none. */
  readonly nkey: string;
  /** How it may come in, as nats-server calls it; not given: any way. */
  readonly connectionTypes?: readonly string[];
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
  readonly exports: readonly ExportConfig[];
  readonly imports: readonly ImportConfig[];
  readonly maxConnections: number;
  readonly maxSubscriptions: number;
  readonly maxPayload: number;
}

/** Subjects that other accounts may import. */
export interface ExportConfig {
  readonly kind: "stream" | "service";
  readonly subject: string;
  /** Names of the accounts that may; null for all. */
  readonly accounts: readonly string[] | null;
  /** How many answers one request to a service may bring. */
  readonly responses: ResponseType;
  /** How long a request waits for an answer, or for the next one. */
  readonly threshold: DurationNanos;
  /** Whether it is measured how long answers take; null for services that are not. */
  readonly latency: LatencyConfig | null;
  /** The number of the token, from 1, that has to be the importer's name; 0 for none. */
  readonly accountPosition: number;
}

/** Percent of requests that are measured; 0: those that a header asks it for. */
export interface LatencyConfig {
  readonly sampling: number;
  /** Where measurements are published, in the account of the service. */
  readonly subject: string;
}

export type ResponseType = "singleton" | "stream" | "chunked";

/** Subjects of another account, under a name of this one. */
export interface ImportConfig {
  readonly kind: "stream" | "service";
  readonly account: string;
  /** What it is called there. */
  readonly subject: string;
  /** What it is called here. */
  readonly to: string;
  /** Whether a service is told all about who asks. */
  readonly share: boolean;
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
