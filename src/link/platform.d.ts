/** The part of the platform's compression that the share codec uses; in Chromium and Node alike. */
interface ByteReader {
  read(): Promise<{ done: boolean; value?: Uint8Array }>;
  cancel(): Promise<void>;
}
interface ByteWriter {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
}
interface CompressionStream {
  readonly readable: { getReader(): ByteReader };
  readonly writable: { getWriter(): ByteWriter };
}
interface DecompressionStream extends CompressionStream {}
declare var CompressionStream: { new (format: "deflate-raw"): CompressionStream };
declare var DecompressionStream: { new (format: "deflate-raw"): DecompressionStream };
