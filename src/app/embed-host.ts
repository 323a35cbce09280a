/** The other end of `src/embed`: calls from the embedding page, answered; events, passed on. */
import { automation } from "./automation.ts";
import { listen } from "./events.ts";

interface Call {
  readonly windtunnel: 1;
  readonly id: number;
  readonly call: string;
  readonly args: readonly unknown[];
}

const calls = [
  "exec",
  "input",
  "seek",
  "pause",
  "play",
  "step",
  "state",
  "hash",
  "journal",
  "load",
] as const;
const events = ["frame", "trace", "journal", "fault", "crash"] as const;

/** `origins`: who may call; an empty list allows the page's own origin only, `*` everyone. */
export function serveEmbedder(origins: readonly string[]): void {
  const allowed = (origin: string) =>
    origin === location.origin || origins.includes("*") || origins.includes(origin);
  const heard = new Map<string, () => void>();
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const source = event.source as Window | null;
    if (!isCall(event.data) || source === null || !allowed(event.origin)) return;
    const { id, call, args } = event.data;
    const post = (answer: object) =>
      source.postMessage({ windtunnel: 1, id, ...answer }, { targetOrigin: event.origin });
    if (call === "on") {
      subscribe(heard, String(args[0]), (name, data) =>
        source.postMessage({ windtunnel: 1, event: name, data }, { targetOrigin: event.origin }),
      );
      post({ value: true });
      return;
    }
    answer(call, args).then(
      (value) => post({ value }),
      (error: unknown) => post({ error: error instanceof Error ? error.message : String(error) }),
    );
  });
}

async function answer(call: string, args: readonly unknown[]): Promise<unknown> {
  const known = calls.find((name) => name === call);
  if (known === undefined) throw new Error(`no such call: ${call}`);
  const method = automation[known] as (...args: readonly unknown[]) => Promise<unknown>;
  return method(...args);
}

function subscribe(
  heard: Map<string, () => void>,
  wanted: string,
  send: (event: string, data: unknown) => void,
): void {
  for (const name of events) {
    if (name !== wanted && wanted !== "*") continue;
    heard.get(name)?.();
    heard.set(
      name,
      listen(name, (data) => send(name, data)),
    );
  }
}

function isCall(data: unknown): data is Call {
  if (typeof data !== "object" || data === null) return false;
  const call = data as Partial<Call>;
  return call.windtunnel === 1 && typeof call.call === "string" && Array.isArray(call.args);
}
