/** Takes and brings back snapshots as jsm.go does, on either side of a comparison. */
import { decodeS2 } from "../../../src/protocol/index.ts";
import {
  type ArchiveEntry,
  archiveMagic,
  decodeEntry,
} from "../../../src/server/backups/archive.ts";
import type { Side } from "../sides.ts";
import type { Received } from "../wire-reader.ts";

let lastSid = 9_000;

/** What came of a snapshot. */
export interface Taken {
  readonly reply: string;
  readonly sizes: readonly number[];
  /** Subjects that acks went to, ids replaced. */
  readonly acks: readonly string[];
  /** Headers of the empty message at the end. */
  readonly end: string;
  readonly bytes: Uint8Array;
  readonly entries: readonly ArchiveEntry[];
  readonly advisories: readonly string[];
}

/** Takes a snapshot; every chunk is acknowledged unless `acksMax` of them were. */
export async function takeSnapshot(
  side: Side,
  stream: string,
  request: Record<string, unknown> = {},
  acksMax = Number.POSITIVE_INFINITY,
): Promise<Taken> {
  const inbox = `_B.${++lastSid}`;
  const body = JSON.stringify({ deliver_subject: `${inbox}.data`, ...request });
  const listener = await listen(side, [`${inbox}.data`, `${inbox}.reply`]);
  const subject = `$JS.API.STREAM.SNAPSHOT.${stream}`;
  side.send(`PUB ${subject} ${inbox}.reply ${Buffer.byteLength(body)}\r\n${body}\r\n`);
  const chunks: Received[] = [];
  const acks: string[] = [];
  let end: Received | null = null;
  for (let quiet = 0; end === null && quiet < 20; quiet++) {
    for (const message of await listener.take()) {
      if (!message.subject.endsWith(".data")) continue;
      quiet = 0;
      if (message.bytes.length === 0) end = message;
      else chunks.push(message);
      if (message.reply !== "" && acks.length < acksMax) {
        acks.push(message.reply.replace(/(ACK\.\w+\.)\w{22}/, "$1<id>"));
        side.send(`PUB ${message.reply} 0\r\n\r\n`);
      }
    }
    if (listener.refused()) break;
    if (end === null) await side.wait(300);
  }
  const { reply, advisories } = await listener.stop();
  const bytes = Buffer.concat(chunks.map((chunk) => chunk.bytes));
  const sizes = chunks.map((chunk) => chunk.bytes.length);
  const entries = end?.headers.includes(" 4") ? [] : readArchive(bytes);
  return { reply, sizes, acks, end: end?.headers ?? "none", bytes, entries, advisories };
}

/** What came of a restore. */
export interface Restored {
  readonly reply: string;
  readonly acks: readonly string[];
  readonly final: string;
  readonly advisories: readonly string[];
}

/** Sends a snapshot back in pieces; the last, empty one asks how it went. */
export async function restoreSnapshot(
  side: Side,
  stream: string,
  request: unknown,
  bytes: Uint8Array,
): Promise<Restored> {
  const inbox = `_B.${++lastSid}`;
  const body = JSON.stringify(request);
  const listener = await listen(side, [`${inbox}.*`]);
  const subject = `$JS.API.STREAM.RESTORE.${stream}`;
  side.send(`PUB ${subject} ${inbox}.reply ${Buffer.byteLength(body)}\r\n${body}\r\n`);
  await side.wait(20);
  await listener.take();
  const reply = JSON.parse(listener.reply() || "{}") as { deliver_subject?: string };
  const to = reply.deliver_subject ?? "";
  if (to === "") {
    const { reply: refusal, advisories } = await listener.stop();
    return { reply: refusal, acks: [], final: "", advisories };
  }
  const step = 20_000;
  for (let at = 0; at < bytes.length; at += step) {
    const piece = bytes.subarray(at, at + step);
    side.send(
      Buffer.concat([
        Buffer.from(`PUB ${to} ${inbox}.chunk ${piece.length}\r\n`),
        piece,
        Buffer.from("\r\n"),
      ]),
    );
  }
  side.send(`PUB ${to} ${inbox}.final 0\r\n\r\n`);
  await side.wait(50);
  const messages = await listener.take();
  const at = (name: string): string[] =>
    messages.filter((one) => one.subject === `${inbox}.${name}`).map((one) => one.payload);
  const { reply: first, advisories } = await listener.stop();
  const shown = first.replace(/(RESTORE\.\w+\.)\w{22}/, "$1<id>");
  return { reply: shown, acks: at("chunk"), final: at("final").join(), advisories };
}

/** All entries of a compressed archive. */
export function readArchive(bytes: Uint8Array): ArchiveEntry[] {
  const { plain, rest } = decodeS2(bytes, false);
  if (rest.length > 0) throw new Error("the snapshot ends within a chunk");
  const entries: ArchiveEntry[] = [];
  for (let at = archiveMagic.length; at < plain.length; ) {
    const read = decodeEntry(plain, at);
    if (read === null) throw new Error("the snapshot ends within an entry");
    entries.push(read.entry);
    at = read.end;
  }
  return entries;
}

interface Listener {
  /** All messages that came since the last call, but advisories and the reply. */
  take(): Promise<Received[]>;
  reply(): string;
  refused(): boolean;
  stop(): Promise<{ reply: string; advisories: string[] }>;
}

async function listen(side: Side, subjects: readonly string[]): Promise<Listener> {
  const sids: number[] = [];
  let reply = "";
  const advisories: string[] = [];
  for (const subject of [...subjects, "$JS.EVENT.ADVISORY.STREAM.>"]) {
    sids.push(++lastSid);
    side.send(`SUB ${subject} ${lastSid}\r\n`);
  }
  const take = async (): Promise<Received[]> => {
    const rest: Received[] = [];
    for (const message of await side.take(0)) {
      if (message.subject.endsWith(".reply")) reply = message.payload;
      else if (message.subject.startsWith("$JS.EVENT.")) {
        advisories.push(`${message.subject} ${message.payload}`);
      } else rest.push(message);
    }
    return rest;
  };
  await take();
  return {
    take,
    reply: () => reply,
    refused: () => reply.includes('"error"'),
    async stop() {
      await side.wait(20);
      await take();
      for (const sid of sids) side.send(`UNSUB ${sid}\r\n`);
      await side.take(0);
      return { reply, advisories };
    },
  };
}
