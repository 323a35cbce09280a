// Messages that arrived and wait to be taken, in one order over several subscriptions.

import { deadline, type Msg, type NatsConnection, errors as natsErrors } from "@nats-io/nats-core";

/** A queue between subscription callbacks and the one loop that handles messages. */
export interface Inbox<T> {
  readonly waiting: T[];
  closed: boolean;
  wake: (() => void) | null;
}

export function createQueue<T>(): Inbox<T> {
  return { waiting: [], closed: false, wake: null };
}

export function put<T>(inbox: Inbox<T>, item: T): void {
  if (inbox.closed) return;
  inbox.waiting.push(item);
  inbox.wake?.();
}

/** No more comes; what waits is still taken. */
export function closeQueue<T>(inbox: Inbox<T>): void {
  inbox.closed = true;
  inbox.wake?.();
}

/** The next item; null at the end, or when `waitMs` passed without one (0: no limit). */
export async function take<T>(inbox: Inbox<T>, waitMs: number): Promise<T | null> {
  if (inbox.waiting.length === 0 && !inbox.closed) {
    const arrival = new Promise<void>((resolve) => {
      inbox.wake = resolve;
    });
    try {
      await (waitMs > 0 ? deadline(arrival, waitMs) : arrival);
    } catch (error) {
      if (!(error instanceof natsErrors.TimeoutError)) throw error;
    } finally {
      inbox.wake = null;
    }
  }
  return inbox.waiting.shift() ?? null;
}

/** Subscribes; messages go to the queue as they arrive. */
export function subscribeInto(
  connection: NatsConnection,
  inbox: Inbox<Msg>,
  { subject, queue }: { readonly subject: string; readonly queue?: string },
): { unsubscribe(): void } {
  return connection.subscribe(subject, {
    ...(queue ? { queue } : {}),
    callback: (error, message) => {
      // Errors of the subscription reach the connection's status too, where they are kept.
      if (!error) put(inbox, message);
    },
  });
}

/** Is this the server's word that nobody listens? */
export function isNoResponders(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === 503;
}
