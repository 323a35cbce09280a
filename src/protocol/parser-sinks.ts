/** What the parser calls. */
import type { Message } from "./message.ts";

/**
 * What a server hears from a client. Bytes are views that are valid during the call only.
 * Each may throw `ProtocolError` to end the connection.
 */
export interface ClientSink {
  /** A verb other than CONNECT begins while `connectFirst` is set: throw, or clear the flag. */
  onUnauthenticated(): void;
  onConnect(json: string): void;
  onInfo(json: string): void;
  onPing(): void;
  onPong(): void;
  onOk(): void;
  onErr(text: string): void;
  /** The line of a PUB was read; what it announces may follow. */
  onPubLine(subject: string): void;
  onPub(
    subject: string,
    reply: string | null,
    headers: Uint8Array | null,
    payload: Uint8Array,
  ): void;
  onSub(subject: string, queue: string | null, sid: string): void;
  /** `max` is null when it was not given, -1 when it was no number. */
  onUnsub(sid: string, max: number | null): void;
}

/** What a client hears from a server. The bytes of a message are views, as above. */
export interface ServerSink {
  onInfo(json: string): void;
  onMsg(sid: string, message: Message): void;
  onOk(): void;
  onErr(text: string): void;
  onPing(): void;
  onPong(): void;
}
