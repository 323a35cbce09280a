/** What `window.windtunnel.on` hears. */
export interface PageEvents {
  frame: { readonly frame: number; readonly at: number };
  trace: unknown;
  journal: { readonly text: string };
  /** Of the lesson that is followed, or null. */
  lesson: unknown;
  fault: unknown;
  crash: { readonly message: string };
}

type Listener = (data: unknown) => void;
const listeners = new Map<string, Set<Listener>>();

export function emit<K extends keyof PageEvents>(event: K, data: PageEvents[K]): void {
  for (const listener of listeners.get(event) ?? []) listener(data);
}

/** Returns how to stop listening. */
export function listen(event: string, listener: Listener): () => void {
  const set = listeners.get(event) ?? new Set();
  listeners.set(event, set);
  set.add(listener);
  return () => set.delete(listener);
}
