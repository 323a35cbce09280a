/** What the ledger learns from messages that reached their receiver. */

import { loadMessage } from "../../jetstream/index.ts";
import { seqSetAdd, seqSetHas, seqSetRemove } from "../../kernel/index.ts";
import type { Conn, Endpoint } from "../conns.ts";
import { qualifiedName } from "../state/account.ts";
import type { Mark } from "../taps/marks.ts";
import type { World } from "../world.ts";
import { breakPromise, consumerLedger, streamLedger } from "./ledger.ts";

/** Books a message at the moment it reaches a living receiver. */
export function noteArrived(world: World, mark: Mark, conn: Conn, receiver: Endpoint): void {
  if (!world.options.ledger || receiver.owner.kind === "server") return;
  switch (mark.what) {
    case "puback":
      notePubAck(world, mark, conn);
      return;
    case "refused":
      world.ledger.refused++;
      return;
    case "delivery":
      noteDelivery(world, mark, conn);
      return;
    default:
  }
}

/**
 * A promise: the publisher now believes that the message is stored. A PubAck that says duplicate
 * promises as much: the one before it may have been lost. Source: ADR-8, `Nats-Msg-Id`.
 */
function notePubAck(world: World, mark: Mark, conn: Conn): void {
  if (mark.seq === 0) return;
  const { ledger } = world;
  const name = streamName(world, mark, conn);
  const book = streamLedger(ledger, name);
  if (seqSetHas(book.lost, mark.seq) && !isStored(world, mark, conn)) {
    // The crash was faster than the acknowledgement: promised and broken at once.
    ledger.made++;
    const why = "lost in a crash before its acknowledgement arrived";
    const { now: at } = world.kernel;
    breakPromise(ledger, { promise: "stored", at, stream: name, seq: mark.seq, why });
    world.notable++;
    return;
  }
  seqSetRemove(book.lost, mark.seq);
  if (seqSetAdd(book.acked, mark.seq)) ledger.made++;
}

function noteDelivery(world: World, mark: Mark, conn: Conn): void {
  const { ledger } = world;
  const name = `${streamName(world, mark, conn)}/${mark.consumer}`;
  // Consumer sequence 1 is the first delivery of all: a consumer of this name began anew.
  if (mark.consumerSeq === 1) ledger.consumers.delete(name);
  const consumer = consumerLedger(ledger, name);
  if (!seqSetAdd(consumer.delivered, mark.seq)) {
    ledger.doubled++;
    return;
  }
  // A first delivery behind a later one: the order of the stream was not kept.
  if (mark.seq < consumer.highest && mark.deliveries === 1) ledger.reordered++;
  if (mark.seq > consumer.highest) consumer.highest = mark.seq;
}

function streamName(world: World, mark: Mark, conn: Conn): string {
  const host = world.hosts.get(conn.b.host);
  const account = host?.server?.conns.get(conn.id)?.account ?? "";
  if (host === undefined || account === "") return mark.stream;
  return qualifiedName(host, account, mark.stream);
}

/** Whether the server that acknowledged holds the message now. */
function isStored(world: World, mark: Mark, conn: Conn): boolean {
  const server = world.hosts.get(conn.b.host)?.server;
  const account = server?.conns.get(conn.id)?.account ?? "";
  const stream = server?.jetstream?.accounts.get(account)?.streams.get(mark.stream);
  return stream !== undefined && loadMessage(stream.state.store, mark.seq as never) !== null;
}
