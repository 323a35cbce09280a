/**
 * A snapshot on its way: the answer to whoever asked, then chunks as fast as they are acknowledged,
 * then an empty message. Source: nats-server `server/jetstream_api.go` `streamSnapshot`.
 */
import { printStreamConfig } from "../../jetstream/index.ts";
import { formatStoredTime, plus, seconds } from "../../kernel/index.ts";
import { createMessage, emptyBytes, encodeText } from "../../protocol/index.ts";
import { sendApiReply } from "../api/reply.ts";
import type { ApiFields } from "../api/route-shape.ts";
import { drawId, publishAdvisory } from "../assets/stream-advisories.ts";
import { findStream } from "../assets/stream-lookup.ts";
import { publishInternal } from "../interest/route.ts";
import {
  subscribeInternal,
  unsubscribeInternal,
  unwatchInterest,
  watchInterest,
} from "../interest/subscribe.ts";
import type { InternalEvent, InternalTarget } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { type BackupTimer, backupTimerName, type Snapshot } from "./backup-state.ts";
import { beginContent, readContent, takeContent } from "./snapshot-content.ts";

/** How long somebody may take to subscribe, and between two acks. Source: `snapshotAckTimeout`. */
const interestWait = seconds(2);
const ackWait = seconds(5);

interface Place {
  readonly server: ServerState;
  readonly io: ServerIo;
  readonly snapshot: Snapshot;
}

export function onSnapshotTimer(server: ServerState, io: ServerIo, timer: BackupTimer): void {
  const snapshot = server.jetstream?.backups?.snapshots.get(timer.id);
  if (snapshot === undefined) return;
  const place = { server, io, snapshot };
  if (timer.step === "begin") begin(place);
  else if (timer.step === "interest") beginSending(place);
  else if (timer.step === "ack") {
    end(place, { status: "408 No Flow Response", error: "no flow response" });
  }
}

/** A chunk was acknowledged. */
export function onSnapshotAck(server: ServerState, io: ServerIo, event: InternalEvent): void {
  if (event.target.kind !== "snapshot-ack") return;
  const snapshot = server.jetstream?.backups?.snapshots.get(event.target.id);
  if (snapshot === undefined) return;
  snapshot.slots += 1;
  if (snapshot.phase === "sending") sendChunks({ server, io, snapshot });
}

/** Whoever receives came, or went. */
export function onSnapshotInterest(server: ServerState, io: ServerIo, event: InternalEvent): void {
  if (event.target.kind !== "snapshot-interest") return;
  const snapshot = server.jetstream?.backups?.snapshots.get(event.target.id);
  if (snapshot === undefined) return;
  const place = { server, io, snapshot };
  if (snapshot.phase === "waiting") beginSending(place);
  else end(place, { status: "408 No Interest", error: "no interest" });
}

function begin({ server, io, snapshot }: Place): void {
  const { request, stream } = snapshot;
  const asset = findStream(server, request.account, stream);
  if (asset === null) {
    server.jetstream?.backups?.snapshots.delete(snapshot.id);
    return;
  }
  io.log("info", `Starting snapshot for stream '${request.account} > ${stream}'`);
  const state = beginContent(snapshot, asset, io.wall);
  const config = printStreamConfig(asset.state.config);
  const type = "io.nats.jetstream.api.v1.stream_snapshot_response";
  const body = { type, config, state };
  sendApiReply(server, io, { ...request, body, isError: false, isQuiet: false });
  advise({ server, io, snapshot }, "create", { stream, state, client: request.client });
  snapshot.ackSubject = `$JS.SNAPSHOT.ACK.${stream}.${drawId(server, io)}`;
  const target: InternalTarget = { kind: "snapshot-ack", id: snapshot.id };
  const subject = `${snapshot.ackSubject}.>`;
  snapshot.ackSub = subscribeInternal(server, request.account, { subject, target });
  snapshot.phase = "waiting";
  // Only who subscribed to this very subject is seen; whoever hears it by a wildcard waits.
  const isHeard = watchInterest(server, request.account, watchOf(snapshot));
  if (isHeard) beginSending({ server, io, snapshot });
  else setTimer({ server, io, snapshot }, "interest", interestWait);
}

function beginSending(place: Place): void {
  const { io, snapshot } = place;
  io.clearTimer(backupTimerName(snapshot.id, "interest"));
  snapshot.phase = "sending";
  setTimer(place, "ack", ackWait);
  sendChunks(place);
}

function sendChunks(place: Place): void {
  const { server, io, snapshot } = place;
  const { request, stream, chunkSize, ackSubject } = snapshot;
  while (snapshot.slots > 0) {
    const asset = findStream(server, request.account, stream);
    if (asset === null) {
      end(place, { status: `500 ${storeClosed}`, error: storeClosed });
      return;
    }
    snapshot.slots -= 1;
    readContent(snapshot, asset, chunkSize);
    const chunk = takeContent(snapshot, chunkSize);
    if (chunk.length < chunkSize) {
      if (chunk.length > 0) send(place, null, null, chunk);
      // A snapshot of a single chunk ends without a status.
      end(place, { status: snapshot.next > 1 ? "204" : null, error: null });
      return;
    }
    send(place, `${ackSubject}.${chunk.length}.${snapshot.next}`, null, chunk);
    setTimer({ server, io, snapshot }, "ack", ackWait);
    snapshot.next += 1;
  }
}

const storeClosed = "couldn't load next message: store is closed";

interface Ending {
  /** Of the last, empty message; null for no headers. */
  readonly status: string | null;
  readonly error: string | null;
}

function end(place: Place, { status, error }: Ending): void {
  const { server, io, snapshot } = place;
  const { account } = snapshot.request;
  const headers = status === null ? null : encodeText(`NATS/1.0 ${status}\r\n\r\n`);
  send(place, null, headers, emptyBytes);
  server.jetstream?.backups?.snapshots.delete(snapshot.id);
  io.clearTimer(backupTimerName(snapshot.id, "ack"));
  unwatchInterest(server, account, watchOf(snapshot));
  if (snapshot.ackSub !== null) unsubscribeInternal(server, account, snapshot.ackSub);
  advise(place, "complete", {
    stream: snapshot.stream,
    start: formatStoredTime(snapshot.started),
    end: formatStoredTime(io.wall),
    client: snapshot.request.client,
    error: error ?? undefined,
  });
  const name = `stream '${account} > ${snapshot.stream}'`;
  if (error === null) io.log("info", `Completed snapshot for ${name}`);
  else io.log("warn", `Snapshot for ${name} failed: ${error}`);
}

function send(
  { server, io, snapshot }: Place,
  reply: string | null,
  headers: Uint8Array | null,
  payload: Uint8Array,
): void {
  const message = createMessage(snapshot.deliver, reply, headers, payload);
  publishInternal(server, io, { account: snapshot.request.account, message });
}

/** Source: nats-server `JSSnapshotCreateAdvisory`, `JSSnapshotCompleteAdvisory`. */
function advise(place: Place, what: "create" | "complete", fields: ApiFields): void {
  const { server, io, snapshot } = place;
  const { account } = snapshot.request;
  publishAdvisory(server, io, {
    account,
    subject: `$JS.EVENT.ADVISORY.STREAM.SNAPSHOT_${what.toUpperCase()}.${snapshot.stream}`,
    type: `io.nats.jetstream.advisory.v1.snapshot_${what}`,
    fields,
  });
}

function watchOf({ deliver, id }: Snapshot): { subject: string; target: InternalTarget } {
  return { subject: deliver, target: { kind: "snapshot-interest", id } };
}

function setTimer({ io, snapshot }: Place, step: BackupTimer["step"], wait: typeof ackWait): void {
  const { id } = snapshot;
  io.setTimer(backupTimerName(id, step), plus(io.now, wait), { kind: "backup", id, step });
}
