/**
 * Drives a Windtunnel in an iframe from the page that embeds it.
 *
 *     const tunnel = connectTunnel(document.querySelector("iframe"));
 *     await tunnel.call("input", "nats pub orders.new hello");
 *     tunnel.on("trace", (line) => console.log(line));
 */

/** What can be asked; the same as `window.windtunnel` in the page. */
export type TunnelCall =
  | "exec"
  | "input"
  | "seek"
  | "pause"
  | "play"
  | "step"
  | "state"
  | "hash"
  | "journal"
  | "load";

export type TunnelEvent = "frame" | "trace" | "journal" | "fault" | "crash";

export interface TunnelRequest {
  readonly windtunnel: 1;
  readonly id: number;
  readonly call: TunnelCall | "on";
  readonly args: readonly unknown[];
}

export type TunnelMessage =
  | { readonly windtunnel: 1; readonly id: number; readonly value: unknown }
  | { readonly windtunnel: 1; readonly id: number; readonly error: string }
  | { readonly windtunnel: 1; readonly event: TunnelEvent; readonly data: unknown };

export interface Tunnel {
  /** @throws Error with the tunnel's own words. */
  call(name: TunnelCall, ...args: readonly unknown[]): Promise<unknown>;
  /** Returns how to stop listening. */
  on(event: TunnelEvent, listener: (data: unknown) => void): () => void;
  close(): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Connects to a tunnel; `origin` is where the iframe's page comes from. */
export function connectTunnel(
  frame: HTMLIFrameElement,
  origin = new URL(frame.src).origin,
): Tunnel {
  let lastId = 0;
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<TunnelEvent, Set<(data: unknown) => void>>();
  const post = (request: TunnelRequest) => frame.contentWindow?.postMessage(request, origin);
  const hear = (event: MessageEvent<unknown>) => {
    if (event.source !== frame.contentWindow || event.origin !== origin) return;
    if (!isMessage(event.data)) return;
    const message = event.data;
    if ("event" in message) {
      for (const listener of listeners.get(message.event) ?? []) listener(message.data);
      return;
    }
    const caller = waiting.get(message.id);
    waiting.delete(message.id);
    if ("error" in message) caller?.reject(new Error(message.error));
    else caller?.resolve(message.value);
  };
  window.addEventListener("message", hear);
  return {
    call: (call, ...args) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        post({ windtunnel: 1, id: lastId, call, args });
      }),
    on: (event, listener) => {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(listener);
      lastId += 1;
      post({ windtunnel: 1, id: lastId, call: "on", args: [event] });
      return () => set.delete(listener);
    },
    close: () => window.removeEventListener("message", hear),
  };
}

function isMessage(data: unknown): data is TunnelMessage {
  return typeof data === "object" && data !== null && "windtunnel" in data && data.windtunnel === 1;
}
