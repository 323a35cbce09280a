// What the API says of an account, with the names of the wire.

interface AccountLimits {
  readonly max_memory: number;
  readonly max_storage: number;
  readonly max_streams: number;
  readonly max_consumers: number;
  readonly max_ack_pending: number;
  readonly memory_max_stream_bytes: number;
  readonly storage_max_stream_bytes: number;
  readonly max_bytes_required: boolean;
}

export interface AccountTier {
  readonly memory: number;
  readonly storage: number;
  readonly reserved_memory?: number;
  readonly reserved_storage?: number;
  readonly streams: number;
  readonly consumers: number;
  readonly limits: AccountLimits;
}

export interface AccountInfo extends AccountTier {
  readonly domain?: string;
  readonly api: { readonly level?: number };
  readonly tiers?: Readonly<Record<string, AccountTier>>;
}
