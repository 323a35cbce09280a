/**
 * The servers that an actor knows: those it was given and those that INFO told of. Order, waits and
 * forgetting are those of nats.js (`Servers.update`, `selectServer`, `dodialLoop`).
 */
import {
  type DurationNanos,
  drawBelow,
  type Kernel,
  millis,
  minus,
  nanos,
  type SimEvent,
  type VirtualNanos,
} from "../../kernel/index.ts";
import { isJsonObject, parseJson } from "../../protocol/index.ts";

/** One server. A value: replaced, never changed. */
export interface KnownServer {
  readonly host: string;
  readonly port: number;
  /** Told by INFO: forgotten when INFO does not name it any more. */
  readonly gossiped: boolean;
  /** When it was last dialled; null for never. */
  readonly triedAt: VirtualNanos | null;
}

/** The server dialled last is `current`, at the head from then on until the next is chosen. */
export interface ServerPool {
  servers: readonly KnownServer[];
  current: KnownServer;
}

/** nats.js `DEFAULT_RECONNECT_TIME_WAIT` and `DEFAULT_JITTER`, in milliseconds. */
const reconnectWaitMs = 2_000;
const reconnectJitterMs = 100;

export function createPool(
  addresses: readonly { host: string; port: number }[],
): ServerPool | null {
  const servers = addresses.map(({ host, port }) => {
    return { host, port, gossiped: false, triedAt: null };
  });
  const [current] = servers;
  return current === undefined ? null : { servers, current };
}

/** The wait between two dials of one server, drawn anew each time. */
export function drawReconnectWait(kernel: Kernel<SimEvent>, stream: string): DurationNanos {
  return millis(reconnectWaitMs + drawBelow(kernel.random, stream, reconnectJitterMs));
}

/**
 * Turns to the next server. Answers how long to wait before asking again, because the one whose
 * turn it is was dialled just now; null when it is to be dialled at once.
 */
export function chooseNext(
  pool: ServerPool,
  now: VirtualNanos,
  wait: DurationNanos,
): DurationNanos | null {
  const [next, ...others] = pool.servers;
  if (next === undefined) return wait;
  pool.servers = [...others, next];
  pool.current = next;
  if (next.triedAt === null || minus(now, next.triedAt) >= wait) return null;
  return nanos(wait - minus(now, next.triedAt));
}

/** The current server is dialled now. */
export function noteDialled(pool: ServerPool, now: VirtualNanos): void {
  pool.current = { ...pool.current, triedAt: now };
  pool.servers = pool.servers.map((one) => (isSame(one, pool.current) ? pool.current : one));
}

/** The addresses of `connect_urls`; empty for a server that stands alone. */
export function connectUrls(info: string): { host: string; port: number }[] {
  const body = parseJson(info);
  if (!isJsonObject(body) || !Array.isArray(body.connect_urls)) return [];
  return body.connect_urls.flatMap((url) => {
    const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(String(url)) ?? [];
    return host === undefined ? [] : [{ host, port: Number(port) }];
  });
}

/** Takes what INFO tells: the current server goes to the head when others have joined. */
export function updatePool(
  pool: ServerPool,
  told: readonly { host: string; port: number }[],
  draw: (below: number) => number,
): void {
  const { current } = pool;
  const kept = pool.servers.filter((one) => {
    return isSame(one, current) || !one.gossiped || told.some((it) => isSame(one, it));
  });
  const added = told.filter((one) => !kept.some((it) => isSame(one, it)));
  if (added.length === 0) {
    pool.servers = kept;
    return;
  }
  const joined = added.map(({ host, port }) => ({ host, port, gossiped: true, triedAt: null }));
  const others = [...kept.filter((one) => !isSame(one, current)), ...joined];
  shuffle(others, draw);
  pool.servers = [current, ...others];
}

function isSame(
  one: { readonly host: string; readonly port: number },
  other: { readonly host: string; readonly port: number },
): boolean {
  return one.host === other.host && one.port === other.port;
}

/** Fisher and Yates. */
function shuffle(list: KnownServer[], draw: (below: number) => number): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = draw(i + 1);
    const [one, other] = [list[i], list[j]];
    if (one === undefined || other === undefined) continue;
    list[i] = other;
    list[j] = one;
  }
}
