/**
 * A restore on its way: the answer says where chunks go, each of them is answered, an empty one
 * ends it, and the answer to that tells how it went.
 * Source: nats-server `server/jetstream_api.go` `processStreamRestore`.
 */
import { ApiError, type ApiErrorBody } from "../../jetstream/index.ts";
import { formatStoredTime, plus, seconds } from "../../kernel/index.ts";
import {
  concatBytes,
  createMessage,
  decodeS2,
  decodeText,
  emptyBytes,
  encodeJson,
  encodeText,
  S2Error,
} from "../../protocol/index.ts";
import { sendApiReply } from "../api/reply.ts";
import type { ApiFields } from "../api/route-shape.ts";
import { printStream } from "../api/stream-info.ts";
import { drawId, publishAdvisory } from "../assets/stream-advisories.ts";
import { findStream } from "../assets/stream-lookup.ts";
import { clusterParts } from "../cluster-door.ts";
import { publishInternal } from "../interest/route.ts";
import { subscribeInternal, unsubscribeInternal } from "../interest/subscribe.ts";
import type { InternalEvent } from "../internal.ts";
import { DiskError, type ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { ArchiveError, archiveMagic, decodeEntry, invalidArchive } from "./archive.ts";
import { type BackupTimer, backupTimerName } from "./backup-state.ts";
import { readLegacy } from "./legacy.ts";
import { activate, RestoreError, type RestorePlace, restoreEntry } from "./restore-content.ts";

/** Without a chunk for so long a restore is given up. Source: `activityInterval`. */
const stallWait = seconds(5);
/** Until the meta leader is asked again for consumers that it has not assigned. */
const assignWait = seconds(5);

export function onRestoreTimer(server: ServerState, io: ServerIo, timer: BackupTimer): void {
  const restore = server.jetstream?.backups?.restores.get(timer.id);
  if (restore === undefined) return;
  const place = { server, io, restore };
  if (timer.step === "begin") begin(place);
  else if (timer.step === "stall") stall(place);
  else if (timer.step === "assign") assignSoon(place, askAgain(place));
}

/** A chunk came, or the empty message behind the last one. */
export function onRestoreChunk(server: ServerState, io: ServerIo, event: InternalEvent): void {
  if (event.kind !== "message" || event.target.kind !== "restore") return;
  const restore = server.jetstream?.backups?.restores.get(event.target.id);
  if (restore === undefined) return;
  const place = { server, io, restore };
  // Whatever follows the protocol line, headers too, is content for the server.
  const { reply, headers, payload } = event.message;
  const chunk = headers === null ? payload : concatBytes([headers, payload]);
  if (reply === null) {
    const { account } = restore.request;
    const name = `restore for stream '${account} > ${restore.stream}'`;
    fail(place, new RestoreError(`${name} requires reply subject for each chunk`));
    end(place, null);
  } else if (chunk.length === 0) {
    finishInput(place);
    end(place, reply);
  } else {
    restore.total += chunk.length;
    take(place, chunk);
    armStall(place);
    send(place, reply, emptyBytes);
  }
}

function begin(place: RestorePlace): void {
  const { server, io, restore } = place;
  const { request, stream } = restore;
  restore.started = io.wall;
  io.log("info", `Starting restore for stream '${request.account} > ${stream}'`);
  advise(place, "create", { stream, client: request.client });
  const subject = `$JS.SNAPSHOT.RESTORE.${stream}.${drawId(server, io)}`;
  const target = { kind: "restore", id: restore.id } as const;
  restore.sub = subscribeInternal(server, request.account, { subject, target });
  restore.phase = "state";
  const type = "io.nats.jetstream.api.v1.stream_restore_response";
  const body = { type, deliver_subject: subject };
  sendApiReply(server, io, { ...request, body, isError: false, isQuiet: false });
  armStall(place);
}

/** Takes what came as far as it is whole. What follows a failure or the end is not looked at. */
function take(place: RestorePlace, chunk: Uint8Array): void {
  if (isOver(place)) return;
  const { restore } = place;
  try {
    const part = decodeS2(concatBytes([restore.input, chunk]), restore.isBegun);
    restore.input = part.rest;
    restore.isBegun = part.isBegun;
    restore.plain = concatBytes([restore.plain, part.plain]);
    if (!restore.isLegacy) readEntries(place);
  } catch (error) {
    fail(place, error);
  }
  if (isOver(place) && restore.failure === null) activate(place);
}

function isOver({ restore }: RestorePlace): boolean {
  return restore.failure !== null || restore.phase === "done";
}

function readEntries(place: RestorePlace): void {
  const { restore } = place;
  const bytes = restore.plain;
  let at = 0;
  if (restore.phase === "state") {
    // What tells an archive stays until its first entry is whole.
    if (bytes.length < archiveMagic.length) return;
    restore.isLegacy = decodeText(bytes, 0, archiveMagic.length) !== archiveMagic;
    if (restore.isLegacy) return;
    at = archiveMagic.length;
  }
  for (let phase = restore.phase; phase !== "done"; phase = restore.phase) {
    const read = decodeEntry(bytes, at);
    if (read === null) break;
    restoreEntry(place, read.entry);
    at = read.end;
  }
  if (restore.phase !== "state") restore.plain = bytes.slice(at);
}

/** The files of a server before 2.15 are all here. */
function readWhole(place: RestorePlace): void {
  const { restore } = place;
  try {
    const { entries, created } = readLegacy(restore.plain, restore.stream);
    restore.created = created;
    for (const entry of entries) restoreEntry(place, entry);
  } catch (error) {
    fail(place, error);
  }
  if (restore.failure === null) activate(place);
}

/** The input ended, maybe before the archive did. */
function finishInput(place: RestorePlace): void {
  if (isOver(place)) return;
  const { input, plain, phase } = place.restore;
  if (input.length > 0) fail(place, new S2Error("s2: corrupt input"));
  else if (place.restore.isLegacy) readWhole(place);
  else if (phase === "state" && plain.length > 0 && plain.length < archiveMagic.length) {
    fail(place, new RestoreError("unexpected EOF"));
  } else {
    const isBetween = plain.length === 0 || (phase === "state" && plain.length === 8);
    fail(place, isBetween ? new RestoreError("EOF") : invalidArchive());
  }
}

/** Notes why the restore failed; what is there of the stream begins to work. */
function fail(place: RestorePlace, error: unknown): void {
  const { restore } = place;
  if (restore.failure !== null) return;
  if (error instanceof ApiError) restore.failure = error.body;
  else if (isReason(error)) {
    restore.failure = new ApiError("JSStreamRestoreErrF", { err: error.message }).body;
  } else throw error;
  activate(place);
}

function isReason(error: unknown): error is Error {
  const isOfBytes = error instanceof S2Error || error instanceof ArchiveError;
  return isOfBytes || error instanceof RestoreError || error instanceof DiskError;
}

function end(place: RestorePlace, reply: string | null): void {
  const { io, restore } = place;
  const { stream, request, failure } = restore;
  forget(place);
  advise(place, "complete", {
    stream,
    start: formatStoredTime(restore.started),
    end: formatStoredTime(io.wall),
    bytes: restore.total,
    client: request.client,
  });
  const name = `stream '${request.account} > ${stream}'`;
  if (failure === null) io.log("info", `Completed restore of ${restore.total}B for ${name}`);
  else io.log("warn", `Restore failed for ${restore.total}B for ${name}`);
  if (reply !== null) send(place, reply, encodeText(encodeJson(answer(place, failure))));
  settle(place);
}

/** In a cluster others are to know how it went. */
function settle(place: RestorePlace): void {
  const { server, io, restore } = place;
  if (restore.assigned !== null) assignSoon(place, clusterParts().endRestored(server, io, restore));
}

function askAgain({ server, io, restore }: RestorePlace): boolean {
  return clusterParts().askForConsumers(server, io, restore);
}

/** Asks for its consumers' places until they have them. Source: `requestConsumerAssignment`. */
function assignSoon({ server, io, restore }: RestorePlace, isAsking: boolean): void {
  const restores = server.jetstream?.backups?.restores;
  if (!isAsking) {
    restores?.delete(restore.id);
    return;
  }
  const { id } = restore;
  restores?.set(id, restore);
  const timer: BackupTimer = { kind: "backup", id, step: "assign" };
  io.setTimer(backupTimerName(id, "assign"), plus(io.now, assignWait), timer);
}

function answer({ server, io, restore }: RestorePlace, failure: ApiErrorBody | null): ApiFields {
  const type = "io.nats.jetstream.api.v1.stream_create_response";
  const asset = findStream(server, restore.request.account, restore.stream);
  if (failure !== null) return { type, error: { ...failure } };
  if (asset === null) return { type };
  const { config, created, state } = printStream({ server, io }, asset);
  return { type, config, created, state, ts: formatStoredTime(io.wall) };
}

/** Nobody is told: whoever restores has gone. */
function stall(place: RestorePlace): void {
  const { restore } = place;
  const name = `restore for stream '${restore.request.account} > ${restore.stream}'`;
  fail(place, new RestoreError(`${name} is stalled`));
  forget(place);
  settle(place);
}

function forget({ server, io, restore }: RestorePlace): void {
  server.jetstream?.backups?.restores.delete(restore.id);
  io.clearTimer(backupTimerName(restore.id, "stall"));
  if (restore.sub !== null) unsubscribeInternal(server, restore.request.account, restore.sub);
}

function armStall({ io, restore }: RestorePlace): void {
  const { id } = restore;
  const timer: BackupTimer = { kind: "backup", id, step: "stall" };
  io.setTimer(backupTimerName(id, "stall"), plus(io.now, stallWait), timer);
}

function send({ server, io, restore }: RestorePlace, to: string, payload: Uint8Array): void {
  const message = createMessage(to, null, null, payload);
  publishInternal(server, io, { account: restore.request.account, message });
}

/** Source: nats-server `JSRestoreCreateAdvisory`, `JSRestoreCompleteAdvisory`. */
function advise(place: RestorePlace, what: "create" | "complete", fields: ApiFields): void {
  const { server, io, restore } = place;
  publishAdvisory(server, io, {
    account: restore.request.account,
    subject: `$JS.EVENT.ADVISORY.STREAM.RESTORE_${what.toUpperCase()}.${restore.stream}`,
    type: `io.nats.jetstream.advisory.v1.restore_${what}`,
    fields,
  });
}
